"""The newest version, some with a v and some without."""
from fixtures import role_tar

MARK = "+"
WHY = "v1.1.0 is a version as 1.1.0 is"
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0", "v1.1.0"],
                    lambda version: role_tar("me.one", version))


def galaxy(s, r):
    r.exits(1).says("Unable to compare role versions")


def kelpie(s, r):
    r.exits(0)
    s.has("me.one").holds("me.one", "v1.1.0").info("me.one", "v1.1.0")
