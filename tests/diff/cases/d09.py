"""A dependency that is a role of a collection."""
from fixtures import meta

MARK = "?"
WHY = "it comes with its collection and is left out, which -v tells"
FILE = "- {src: git+file://@repos@/a, version: v1}\n"
ARGS = ["-v"]


def fixtures(f):
    f.galaxy()
    f.role("a", "v1", files={"meta/main.yml": meta("ns.coll.role")})


def galaxy(s, r):
    """It is looked up as a role of Galaxy."""
    r.exits(1).says("ns.coll.role was not found")
    s.has("a")


def kelpie(s, r):
    r.exits(0).says(r"ns\.coll\.role")
    s.has("a").holds("a", "v1")
