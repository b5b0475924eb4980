"""The parent of a commit."""
MARK = "+"
WHY = "HEAD~1 is the parent of HEAD"
FILE = "- {src: git+file://@repos@/simple, version: HEAD~1}\n"


def fixtures(f):
    f.role("simple", "v1", "v2", "v3")


def galaxy(s, r):
    """It is checked out, and asked for once more from there."""
    r.exits(0)
    s.holds("simple", "v2")


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v3").info("simple", "HEAD~1")
