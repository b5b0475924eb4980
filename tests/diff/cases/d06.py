"""Two versions of one role."""
from fixtures import meta

MARK = "+"
WHY = "the requirements file decides, and nobody else does"
FILE = "- git+file://@repos@/%s,v1\n"
VARIANTS = {"file first": (FILE + FILE) % ("simple", "wants2"),
            "file last": (FILE + FILE) % ("wants2", "simple"),
            "roles": (FILE + FILE) % ("wants1", "wants2")}


def fixtures(f):
    f.role("simple", "v1", "v2")
    for n in "12":
        f.role("wants" + n, "v1", files={"meta/main.yml": meta(
            "{src: git+file://%s/simple, version: v%s}" % (f.repos, n))})


def galaxy(s, r):
    """The first one counts."""
    r.exits(0)
    s.holds("simple", "v1")


def kelpie(s, r):
    r.says("wants2")
    if s.variant == "roles":
        r.exits(1).says("wants1", "v1", "v2")
        s.install(None, "-r", "r.yml").exits(1).says("wants1", "wants2")
    else:
        r.exits(0)
        s.has("simple", "wants2").holds("simple", "v1")
