"""A server with a certificate that nobody knows."""
from fixtures import role_tar

MARK = "+"
WHY = "ignore_certs of ansible.cfg counts for archives too"
FILE = "- @tls@/files/r.tar.gz\n"
VARIANTS = {"default": FILE, "ansible.cfg": FILE, "-c": FILE}


def fixtures(f):
    f.bindings["tls"] = f.serve(pem=f.authority("localhost")).url
    f.file("r.tar.gz", role_tar("r", "v1"))


def ask(s):
    if s.variant == "ansible.cfg":
        s.write("ansible.cfg", "[galaxy]\nignore_certs = true\n")
        return s.install(FILE, ANSIBLE_CONFIG=None)
    return s.install(FILE, *(["-c"] if s.variant == "-c" else []))


def good(s, r):
    r.exits(0)
    s.has("r").holds("r", "v1")


def bad(s, r):
    r.exits(1).says("(?i)certificate|ssl|tls")
    s.has()


def galaxy(s, r):
    (good if s.variant == "-c" else bad)(s, r)


def kelpie(s, r):
    (bad if s.variant == "default" else good)(s, r)
