"""Keys that mean nothing are ignored."""
MARK = "="
FILE = """\
- src: git+file://@repos@/simple
  version: v1
  tags: [web]
  when: yes
  owner: somebody
"""


def fixtures(f):
    f.role("simple", "v1")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1").info("simple", "v1")


def ask(s):
    r = s.install(FILE)
    if s.who == "kelpie":
        s.install(FILE, "-v", "-f").exits(0).says("owner")
    return r
