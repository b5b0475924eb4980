"""Metadata in a role inside only."""
from fixtures import role_files, tasks, under

MARK = "?"
WHY = "what is asked for is not the role inside"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", [("p/tasks/main.yml", tasks("nm", "v1"))] +
          under("p/roles/sub/", role_files("sub", "v1")))


def galaxy(s, r):
    """The role inside is the root."""
    r.exits(0)
    s.holds("nm", "v1", "sub")


def kelpie(s, r):
    r.exits(1).says("is no role", "roles/sub")
    s.has()
