"""include: with a relative path, from another directory."""
MARK = "?"
WHY = "the file's own directory is looked at first, then the current one"
VARIANTS = {"beside the file": "", "in the current directory": ""}


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    where = "sub/" if s.variant == "beside the file" else ""
    s.write("sub/r.yml", "- include: more.yml\n")
    s.write(where + "more.yml", "- git+file://@repos@/simple,v1\n")
    return s.install(None, "-r", "sub/r.yml")


def galaxy(s, r):
    """The current directory is looked at."""
    if s.variant == "beside the file":
        r.exits(1).says("Failed to find include requirements file")
    else:
        r.exits(0)
        s.holds("simple", "v1")


def kelpie(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")
