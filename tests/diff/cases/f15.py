"""The key role names the role; src and scm say where it is."""
MARK = "="
FILE = "- {role: nm, src: @repos@/simple, scm: git, version: v1}\n"


def fixtures(f):
    f.role("simple", "v1", "v2")


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1", "simple").info("nm", "v1")
