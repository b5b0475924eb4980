"""A string is a source."""
MARK = "="
FILE = "- git+file://@repos@/simple\n"


def fixtures(f):
    f.role("simple", "v1.0.0")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "main").info("simple", "null")
