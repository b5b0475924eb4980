"""The default branch of a repository is installed; the version is empty."""
MARK = "="
FILE = "- src: git+file://@repos@/simple\n"


def fixtures(f):
    f.role("simple", "v1.0.0", "v2.0.0")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "main").info("simple", "''")
