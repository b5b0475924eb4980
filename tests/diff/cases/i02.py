"""Another version in the file."""
MARK = "+"
WHY = "the file says what is to be there"


def fixtures(f):
    f.role("simple", "v1", "v2")


def ask(s):
    s.install("- git+file://@repos@/simple,v1\n").exits(0)
    return s.install("- git+file://@repos@/simple,v2\n")


def galaxy(s, r):
    r.exits(0).says("is already installed - use --force to change version")
    s.holds("simple", "v1").info("simple", "v1")


def kelpie(s, r):
    r.exits(0)
    s.holds("simple", "v2").info("simple", "v2")


name = kelpie
