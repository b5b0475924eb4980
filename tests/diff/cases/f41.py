"""A + in the path of an URL."""
from fixtures import role_tar

MARK = "+"
WHY = "only a word of letters before a + is an scm"
FILE = "- @url@/files/c++/r.tar.gz\n"


def fixtures(f):
    f.serve()
    f.file("c++/r.tar.gz", role_tar("r", "v1"))


def galaxy(s, r):
    r.exits(1).says("scm http://.*/files/c is not currently supported")


def kelpie(s, r):
    r.exits(0)
    s.has("r").holds("r", "v1")
