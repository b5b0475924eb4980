"""A role is there, but what it depends on is not."""
import shutil

from fixtures import meta

MARK = "+"
WHY = "what a role needs is part of it"
FILE = "- {src: git+file://@repos@/a, version: v1}\n"


def fixtures(f):
    f.role("b", "v1")
    f.role("a", "v1", files={"meta/main.yml": meta(
        "{src: git+file://%s/b, version: v1}" % f.repos)})


def ask(s):
    s.install(FILE).exits(0)
    s.has("a", "b")
    shutil.rmtree(s.path("roles/b"))
    return s.install(FILE)


def galaxy(s, r):
    r.exits(0)
    s.has("a")


def kelpie(s, r):
    r.exits(0)
    s.has("a", "b").holds("b", "v1")
