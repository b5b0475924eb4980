"""A role of Galaxy without a version, again."""
from fixtures import role_tar
from sides import Differs

MARK = "+"
WHY = "any version is what was asked for, and one is there"
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0", "1.1.0"],
                    lambda version: role_tar("me.one", version))


def ask(s):
    s.install(FILE).exits(0)
    return s.install(FILE)


def both(s, r):
    r.exits(0)
    s.has("me.one").holds("me.one", "1.1.0").info("me.one", "1.1.0")


def galaxy(s, r):
    r.says("use --force to change version to unspecified")


def kelpie(s, r):
    r.says_not("force", "WARNING")
    if r.requests:
        raise Differs("asked %s" % r.requests)


name = kelpie
