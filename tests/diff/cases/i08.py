"""-f, and the role is a link to where somebody works on it."""
import os

from fixtures import META

MARK = "="
FILE = "- git+file://@repos@/simple,v1\n"
# A refused role for the one, one that is fetched first for the other.
LINES = False


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.write("dev/meta/main.yml", META)
    os.mkdir(s.path("roles"))
    os.symlink("../dev", s.path("roles/simple"))
    return s.install(FILE, "-f")


def both(s, r):
    r.exits(1).says("simple")
    s.has("simple").links("roles/simple", "../dev")
    s.contains("dev/meta/main.yml", META).absent("dev/tasks")
