"""Of a key that stands twice the last one counts."""
MARK = "="
FILE = """\
- src: git+file://@repos@/simple
  version: v1
  version: v2
"""


def fixtures(f):
    f.role("simple", "v1", "v2")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v2").info("simple", "v2")


def kelpie(s, r):
    if s.who == "kelpie":
        r.says(r"r\.yml:3", "version")


# kelpie warns.
LINES = False
