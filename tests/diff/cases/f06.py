"""A string with three commas is refused."""
MARK = "="
FILE = "- git+file://@repos@/simple,v1.0.0,nm,more\n"


def fixtures(f):
    f.role("simple", "v1.0.0")


def both(s, r):
    r.exits(1)
    s.has()


def galaxy(s, r):
    r.says("Invalid role line")


def kelpie(s, r):
    r.says(r"r\.yml")
