"""A member with .. in the middle of its name."""
from fixtures import role_files, under

MARK = "+"
WHY = "the message says which name it is, and nothing is left"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"
CORE = "2.14"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) +
          [("p/a/../b", "b\n")])


def galaxy(s, r):
    r.exits(1).says("File exists")
    s.has("nm")


def kelpie(s, r):
    r.exits(1).says(r"a/\.\./b")
    s.has()
