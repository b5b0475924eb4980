"""include: of a file with roles:, and of one that includes."""
MARK = "+"
WHY = "a file means the same wherever it is read"
VARIANTS = {"roles": "", "nested": ""}


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    if s.variant == "roles":
        s.write("more.yml", "roles:\n  - git+file://@repos@/simple,v1\n")
    else:
        s.write("more.yml", "- include: last.yml\n")
        s.write("last.yml", "- git+file://@repos@/simple,v1\n")
    return s.install("- include: more.yml\n")


def galaxy(s, r):
    r.exits(1)
    s.has()


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")
