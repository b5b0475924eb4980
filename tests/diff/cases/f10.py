"""A source with the word include in it is a source."""
MARK = "+"
WHY = "only the key include includes another file"
FILE = "- git+file://@repos@/include-x\n"


def fixtures(f):
    f.role("include-x", "v1")


def galaxy(s, r):
    r.exits(250)


def kelpie(s, r):
    r.exits(0)
    s.has("include-x").holds("include-x", "main")
