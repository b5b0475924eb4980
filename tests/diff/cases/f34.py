"""A byte order mark at the beginning of the file."""
MARK = "="
FILE = "\ufeff- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.role("simple", "v1")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")
