"""A symbolic link that leads out of the role fails the role."""
from fixtures import link, role_files

MARK = "?"
WHY = "what a role needs is in the role"
VARIANTS = {"absolute": "", "up": ""}


def fixtures(f):
    f.repo("absolute", {"files": role_files("absolute", "v1", files={
        "files/x": link("/etc/x")})})
    f.repo("up", {"files": role_files("up", "v1", files={
        "files/x": link("../../out")})})


def ask(s):
    return s.install("- git+file://@repos@/%s\n" % s.variant)


def both(s, r):
    r.exits(1).says("files/x|linkname")


def galaxy(s, r):
    """A part of the role stays."""
    s.has(s.variant)


def kelpie(s, r):
    s.has()
