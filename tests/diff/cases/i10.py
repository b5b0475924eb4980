"""The role is in the second of two roles paths."""
MARK = "="
FILE = "- git+file://@repos@/simple,v1\n"


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.install(FILE, "-p", "second").exits(0)
    return s.install(FILE, "-p", "first:second")


def both(s, r):
    r.exits(0)
    s.has("simple", top="first").holds("simple", "v1", top="first")
    s.holds("simple", "v1", top="second")
