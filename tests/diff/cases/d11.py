"""No dependencies: -n, empty metadata, and an empty key."""
from fixtures import META, meta

MARK = "="
VARIANTS = {"-n": "- git+file://@repos@/a,v1\n",
            "empty": "- git+file://@repos@/empty,v1\n",
            "null": "- git+file://@repos@/null,v1\n"}


def fixtures(f):
    f.role("b", "v1")
    f.role("a", "v1", files={"meta/main.yml": meta(
        "{src: git+file://%s/b, version: v1}" % f.repos)})
    f.role("empty", "v1", files={"meta/main.yml": ""})
    f.role("null", "v1",
           files={"meta/main.yml": META.replace(" []", "")})


def ask(s):
    return s.install(VARIANTS[s.variant],
                     *(["-n"] if s.variant == "-n" else []))


def both(s, r):
    r.exits(0)
    s.has("a" if s.variant == "-n" else s.variant)
