"""The same role twice in the same version."""
MARK = "="
FILE = """\
- {src: git+file://@repos@/simple, version: v1}
- {src: git+file://@repos@/simple, version: v1}
"""


def fixtures(f):
    f.role("simple", "v1", "v2")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1").info("simple", "v1")
