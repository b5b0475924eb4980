"""Lists of roles paths, and -p twice."""
MARK = "="
FILE = "- git+file://@repos@/simple,v1\n"
VARIANTS = {"list": FILE, "twice": FILE}


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    return s.install(FILE, *(["-p", "a:b"] if s.variant == "list"
                             else ["-p", "x", "-p", "y"]))


def both(s, r):
    r.exits(0)
    there, other = ("a", "b") if s.variant == "list" else ("y", "x")
    s.has("simple", top=there).holds("simple", "v1", top=there)
    s.absent(other)
