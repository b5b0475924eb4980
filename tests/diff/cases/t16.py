"""A member with an absolute name."""
from fixtures import role_files, under

MARK = "+"
WHY = "a name means what it says, and an absolute one nothing in a role"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) +
          [("/tmp/x", "x\n")])


def galaxy(s, r):
    """The first p of the name is left out."""
    r.exits(0)
    s.there("roles/nm/tm/x")


def kelpie(s, r):
    r.exits(1).says("/tmp/x")
    s.has()
