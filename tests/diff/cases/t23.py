"""A link in the current directory, called like one in the archive."""
import os

from fixtures import role_files, under

MARK = "+"
WHY = "what is in the current directory is no matter"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")))


def ask(s):
    os.makedirs(s.path("p"))
    os.symlink(s.tmp, s.path("p/tasks"))
    return s.install(FILE)


def galaxy(s, r):
    r.exits(1).says("is not a subpath of the role")


def kelpie(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1")
