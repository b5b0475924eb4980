"""A requirements file whose name does not end in .yml."""
MARK = "?"
WHY = "whoever names a file means it; - is the standard input"


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.write("r.txt", "- git+file://@repos@/simple,v1\n")
    return s.install(None, "-r", "r.txt")


def galaxy(s, r):
    r.exits(1).says("it must end with a .yml or .yaml extension")


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")
