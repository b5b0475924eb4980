"""A role with roles of its own inside."""
from fixtures import role_files, under

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz",
          under("p/roles/sub/", role_files("sub", "v1")) +
          under("p/", role_files("nm", "v1")))


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").holds("sub", "v1", top="roles/nm/roles")
