"""Blanks around the parts of a string."""
MARK = "+"
WHY = "no version and no name begins or ends with a blank"
FILE = "- 'git+file://@repos@/simple, v1.0.0, nm '\n"


def fixtures(f):
    f.role("simple", "v1.0.0", "v2.0.0")


def galaxy(s, r):
    """The blanks belong to the version."""
    r.exits(1).says("checkout  v1.0.0 failed")


def kelpie(s, r):
    """The blanks are left out."""
    r.exits(0)
    s.has("nm").holds("nm", "v1.0.0", "simple").info("nm", "v1.0.0")
