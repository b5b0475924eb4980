"""The same with --force-with-deps."""
from fixtures import meta

MARK = "+"
WHY = "each role is installed once"
FILE = "- {src: git+file://@repos@/a, version: v1}\n"
ARGS = ["--force-with-deps"]


def fixtures(f):
    for name, other in ("a", "b"), ("b", "a"):
        f.role(name, "v1", files={"meta/main.yml": meta(
            "{src: git+file://%s/%s, version: v1}" % (f.repos, other))})


def ask(s):
    if s.is_kelpie:
        s.install(FILE).exits(0)
        return s.install(FILE, *ARGS)
    # Each role three times is enough to see.
    return s.install(FILE, *ARGS, until="(?s)(extracting a to.*){3}")


def galaxy(s, r):
    """They are installed in turns."""
    r.says("(?s)(extracting b to.*){2}")


def kelpie(s, r):
    r.exits(0)
    s.has("a", "b").holds("a", "v1").holds("b", "v1")
