"""A repository x.git is the role x."""
MARK = "="
FILE = "- src: git+file://@repos@/x.git\n"


def fixtures(f):
    f.role("x.git", "v1", says="x")


def both(s, r):
    r.exits(0)
    s.has("x").holds("x", "main")
