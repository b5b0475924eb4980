"""A repository whose URL ends in a slash."""
MARK = "+"
WHY = "the slash says nothing; the name is what stands before it"
FILE = "- src: git+file://@repos@/simple/\n"


def fixtures(f):
    f.role("simple", "v1")


def galaxy(s, r):
    """The name is empty."""
    r.exits(1)


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "main")
