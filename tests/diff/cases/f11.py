"""A version behind a comma in src of a map."""
MARK = "+"
WHY = "the message names the key that the version belongs to"
FILE = "- src: git+file://@repos@/simple,v1.0.0\n"


def fixtures(f):
    f.role("simple", "v1.0.0")


def galaxy(s, r):
    """The comma belongs to the URL."""
    r.exits(1).says("git clone file://.*/simple,v1.0.0")


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:1", "version")
    s.has()
