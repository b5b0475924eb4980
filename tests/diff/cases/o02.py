"""-i, and a role fails."""
MARK = "?"
WHY = "the exit status is 0 for that option only, and the failure is told"
FILE = "- git+file://@repos@/nosuch,v1\n- git+file://@repos@/simple,v1\n"
ARGS = ["-i"]


def fixtures(f):
    f.role("simple", "v1")


def both(s, r):
    r.exits(0).says("nosuch")
    s.has("simple").holds("simple", "v1")


def name(s, r):
    r.says(r"\[WARNING\]: - nosuch was NOT installed successfully")
