"""-f, and a directory that is no role is in the way."""
MARK = "+"
WHY = "what is no role was not installed, and is somebody's"
FILE = "- git+file://@repos@/simple,v1\n"


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.write("roles/simple/mine.txt", "mine\n")
    return s.install(FILE, "-f")


def kelpie(s, r):
    r.exits(1).says("simple", "not a role|no role")
    s.has("simple").contains("roles/simple/mine.txt", "mine\n")
    s.absent("roles/simple/tasks")
