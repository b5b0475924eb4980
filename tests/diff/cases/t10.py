"""Two roles beside each other in an archive."""
from fixtures import role_files, under

MARK = "+"
WHY = "nothing says which of them is meant"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("aaa/", role_files("aaa", "v1")) +
          under("b/", role_files("b", "v1")))


def galaxy(s, r):
    """The one with the shorter name, and the other inside."""
    r.exits(0)
    s.holds("nm", "v1", "b").holds("aaa", "v1", top="roles/nm")


def kelpie(s, r):
    r.exits(1).says("aaa", "b")
    s.has()
