"""The key role with a source as its value."""
MARK = "+"
WHY = "a source is read alike wherever it stands"
FILE = "- role: git+file://@repos@/simple\n"


def fixtures(f):
    f.role("simple", "v1")


def galaxy(s, r):
    r.exits(1).says("downloading role from git\\+file", "unknown url type")


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "main")
