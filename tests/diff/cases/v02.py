"""The newest version, with a release candidate before it."""
from fixtures import role_tar

MARK = "+"
WHY = "a release comes before what leads to it"
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0", "2.0.0-rc1", "2.0.0"],
                    lambda version: role_tar("me.one", version))


def galaxy(s, r):
    """What is longer is newer."""
    r.exits(0)
    s.holds("me.one", "2.0.0-rc1")


def kelpie(s, r):
    r.exits(0)
    s.has("me.one").holds("me.one", "2.0.0").info("me.one", "2.0.0")
