"""A path with scm git and without a name."""
MARK = "+"
WHY = "the name is the last part of the path"
FILE = "- {src: @repos@/simple, scm: git}\n"


def fixtures(f):
    f.role("simple", "v1")


def galaxy(s, r):
    """The name is the path."""
    r.exits(1)


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "main")
