"""The same role twice in two versions."""
MARK = "+"
WHY = "which one is meant is for the file to say"
FILE = """\
- {src: git+file://@repos@/simple, version: v1}
- {src: git+file://@repos@/simple, version: v2}
"""


def fixtures(f):
    f.role("simple", "v1", "v2")


def galaxy(s, r):
    """The first counts, with a warning."""
    r.exits(0).says("use --force to change version to v2")
    s.holds("simple", "v1")


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:2", "simple")
    s.has()
