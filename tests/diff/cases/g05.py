"""A repository without a commit fails."""
MARK = "="
FILE = "- src: git+file://@repos@/simple\n"


def fixtures(f):
    f.repo("simple")


def both(s, r):
    r.exits(1).says("simple")
    s.has()
