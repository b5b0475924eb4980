"""An unquoted version 1.0, and a tag of that name."""
MARK = "+"
WHY = "a version is the text that was written"
FILE = "- {src: git+file://@repos@/simple, version: 1.0}\n"


def fixtures(f):
    f.role("simple", "1.0", "2.0")


def galaxy(s, r):
    """It is a number."""
    r.exits(250).says("expected str instance, float found")


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "1.0").info("simple", "'1.0'")
