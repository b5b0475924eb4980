"""A version that is not there fails."""
MARK = "="
FILE = "- {src: git+file://@repos@/simple, version: nosuch}\n"


def fixtures(f):
    f.role("simple", "v1")


def both(s, r):
    r.exits(1).says("nosuch")
    s.has()
