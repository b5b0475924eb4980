"""An archive on the command line, with a name."""
from fixtures import role_files, tar_bytes, under

MARK = "="


def ask(s):
    s.write("x.tar", tar_bytes(under("p/", role_files("x", "v1")), ""))
    return s.install(None, "x.tar,,nm")


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1", "x").info("nm", "''")
