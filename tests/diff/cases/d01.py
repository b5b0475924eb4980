"""Two roles that depend on each other."""
from fixtures import meta

MARK = "="
FILE = "- {src: git+file://@repos@/a, version: v1}\n"


def fixtures(f):
    for name, other in ("a", "b"), ("b", "a"):
        f.role(name, "v1", files={"meta/main.yml": meta(
            "{src: git+file://%s/%s, version: v1}" % (f.repos, other))})


def both(s, r):
    r.exits(0)
    s.has("a", "b").holds("a", "v1").holds("b", "v1").info("b", "v1")
