"""First a string, then a map; no version."""
MARK = "+"
WHY = "no version is the same in both forms"


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.install("- git+file://@repos@/simple\n").exits(0)
    return s.install("- src: git+file://@repos@/simple\n")


def galaxy(s, r):
    r.exits(0).says("use --force to change version to unspecified")


def kelpie(s, r):
    r.exits(0).says_not("force", "WARNING")
    s.has("simple").holds("simple", "main")


def name(s, r):
    kelpie(s, r)
    r.says("- simple is already installed, skipping")
