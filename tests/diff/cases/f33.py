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


def ask(s):
    r = s.install(FILE)
    if s.who == "kelpie":
        s.install(FILE, "-v", "-f").exits(0).says(r"r\.yml:3", "version")
    return r
