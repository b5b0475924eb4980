"""Several requirements files."""
MARK = "+"
WHY = "all files that are named count"


def fixtures(f):
    f.role("one", "v1")
    f.role("two", "v1")


def ask(s):
    s.write("f.yml", "- git+file://@repos@/one,v1\n")
    s.write("g.yml", "- git+file://@repos@/two,v1\n")
    return s.install(None, "-r", "f.yml", "-r", "g.yml")


def galaxy(s, r):
    """The last one counts."""
    r.exits(0)
    s.has("two")


def kelpie(s, r):
    r.exits(0)
    s.has("one", "two").holds("one", "v1").holds("two", "v1")
