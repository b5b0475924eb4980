"""Names beside -r that no role of the file has."""
MARK = "+"
WHY = "what was asked for is not there"
FILE = "- git+file://@repos@/simple,v1\n"
ARGS = ["other"]


def fixtures(f):
    f.role("simple", "v1")


def galaxy(s, r):
    r.exits(0)
    s.has()


def kelpie(s, r):
    r.exits(1).says("other")
    s.has()
