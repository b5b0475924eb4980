"""The key role with a comma in its value is refused."""
MARK = "="
FILE = "- role: a,b\n"


def both(s, r):
    r.exits(1)
    s.has()
