"""An entry with neither a name nor a source is refused."""
MARK = "="
FILE = "- version: v1\n"


def both(s, r):
    r.exits(1)
    s.has()


def galaxy(s, r):
    r.says("Must specify name or src for role")


def kelpie(s, r):
    r.says(r"name|src")
