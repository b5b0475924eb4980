"""An URL that ends in a slash and names no archive is refused."""
MARK = "+"
WHY = "no role has an empty name, and what is in the directory stays"
VARIANTS = {"install": "- @url@/\n", "with -f": "- @url@/\n"}


def fixtures(f):
    f.serve()
    f.role("simple", "v1")


def ask(s):
    s.install("- git+file://@repos@/simple,v1\n").exits(0)
    return s.install(VARIANTS[s.variant],
                     *(["-f"] if s.variant == "with -f" else []))


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:1.*name")
    s.has("simple").holds("simple", "v1")
