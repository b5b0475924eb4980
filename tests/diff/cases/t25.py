"""An archive on the command line, by its relative path."""
from fixtures import role_files, tar_bytes, under

MARK = "?"
WHY = "the name is that of the file without .tar.gz, as with other paths"


def ask(s):
    s.write("x.tar.gz", tar_bytes(under("p/", role_files("x", "v1"))))
    return s.install(None, "./x.tar.gz")


def galaxy(s, r):
    """The name is the path."""
    r.exits(0)
    s.has("x.tar.gz").holds("x.tar.gz", "v1", "x")


def kelpie(s, r):
    r.exits(0)
    s.has("x").holds("x", "v1")
