"""Redirects, passwords, proxies and ~/.netrc."""
from fixtures import role_tar
from servers import Answer
from sides import Differs

MARK = "="
VARIANTS = {"redirect": "- @url@/moved/r.tar.gz\n",
            "password": "- http://me:secret@@locked@/files/r.tar.gz\n",
            "netrc": "- http://@locked@/files/r.tar.gz\n",
            "proxy": "- http://archive.example.org/files/r.tar.gz\n"}
# kelpie shows no password.
LINES = False


def fixtures(f):
    web = f.serve()
    web.routes["/moved/r.tar.gz"] = Answer(302, Location="/files/r.tar.gz")
    f.bindings["locked"] = f.serve(basic="me:secret").host
    f.file("r.tar.gz", role_tar("r", "v1"))


def ask(s):
    changes = {}
    if s.variant == "proxy":
        changes["http_proxy"] = "@url@"
    elif s.variant == "netrc":
        s.write("../home/.netrc", "machine 127.0.0.1 login me"
                " password secret\n", 0o600)
    return s.install(VARIANTS[s.variant], **changes)


def both(s, r):
    r.exits(0)
    s.has("r").holds("r", "v1")
    if s.variant == "proxy" and not r.asked("^proxy http://archive"):
        raise Differs("the proxy was not asked")


def kelpie(s, r):
    r.says_not("secret")
