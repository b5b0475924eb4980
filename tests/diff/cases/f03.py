"""A string with a version and a name."""
MARK = "="
FILE = "- git+file://@repos@/simple,v1.0.0,nm\n"


def fixtures(f):
    f.role("simple", "v1.0.0", "v2.0.0")


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1.0.0", "simple").info("nm", "v1.0.0")
