"""An archive on the command line, by its absolute path."""
from fixtures import role_files, under

MARK = "+"
WHY = "the name is that of the file without .tar.gz"


def fixtures(f):
    f.tar("x.tar.gz", under("p/", role_files("x", "v1")))


def ask(s):
    return s.install(None, "@files@/x.tar.gz")


def galaxy(s, r):
    """The name is the path."""
    r.exits(1).says("exists and is not a directory")


def kelpie(s, r):
    r.exits(0)
    s.has("x").holds("x", "v1")
