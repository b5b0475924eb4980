"""A dependency with neither a name nor a source is refused."""
from fixtures import meta

MARK = "+"
WHY = "it is a fault of the role, told as such"
FILE = "- {src: git+file://@repos@/a, version: v1}\n"


def fixtures(f):
    f.role("a", "v1", files={"meta/main.yml": meta("{version: v1}")})


def galaxy(s, r):
    r.exits(250)


def kelpie(s, r):
    r.exits(1).says(r"meta/main\.yml")
    s.has()
