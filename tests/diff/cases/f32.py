"""Anchors, aliases and merge keys."""
MARK = "="
FILE = """\
- &one
  src: git+file://@repos@/simple
  version: v1
  name: first
- <<: *one
  name: second
- <<: [{version: v2}, *one]
  name: third
"""


def fixtures(f):
    f.role("simple", "v1", "v2")


def both(s, r):
    r.exits(0)
    s.has("first", "second", "third")
    s.holds("first", "v1", "simple").holds("second", "v1", "simple")
    s.holds("third", "v2", "simple").info("third", "v2")
