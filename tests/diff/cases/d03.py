"""A dependency that is a bare name is a role of one's own."""
from fixtures import meta

MARK = "="
FILE = "- {src: git+file://@repos@/a, version: v1}\n"


def fixtures(f):
    f.role("a", "v1", files={"meta/main.yml": meta("common",
                                                   "{role: users, x: 1}")})


def both(s, r):
    r.exits(0)
    s.has("a").holds("a", "v1")
