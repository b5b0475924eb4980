"""A name of two parts."""
MARK = "?"
WHY = "names of several parts are taken, but no role inside another"
FILE = "- {src: git+file://@repos@/simple, name: a/b}\n"


def fixtures(f):
    f.role("simple", "v1")


def both(s, r):
    r.exits(0)
    s.has("a").holds("a/b", "main", "simple")


def galaxy(s, r):
    pass


def kelpie(s, r):
    again = s.install(FILE + "- {src: git+file://@repos@/simple, name: a}\n")
    again.exits(1).says("inside|below|in the way")
