"""An unquoted version 1.10, and tags 1.1 and 1.10."""
MARK = "+"
WHY = "a version is the text that was written"
FILE = "- {src: git+file://@repos@/simple, version: 1.10}\n"


def fixtures(f):
    f.role("simple", "1.1", "1.10")


def galaxy(s, r):
    """It is the number 1.1."""
    r.exits(250).says("expected str instance, float found")


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "1.10").info("simple", "'1.10'")
