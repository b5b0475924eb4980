"""A member with an absolute name."""
from fixtures import role_files, under

MARK = "+"
WHY = "a / in front does not count, and what is beside the role is left out"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def member(f):
    return f.files + "/outside"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) +
          [(member(f), "outside\n")])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").absent(member(s.fixtures))


def galaxy(s, r):
    """The first p of the name is left out."""
    s.there("roles/nm/" + member(s.fixtures).replace("p", "", 1).strip("/"))


def kelpie(s, r):
    s.only("meta/main.yml", "tasks/main.yml")
