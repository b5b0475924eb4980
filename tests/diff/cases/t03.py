"""A role three directories down in an archive."""
from fixtures import role_files, under

MARK = "?"
WHY = "what is beside the role is not part of it"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("a/b/c/", role_files("nm", "v1")) +
          [("a/README", "a\n"), ("other/z", "z\n")])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1")


def galaxy(s, r):
    """The rest goes into the role as well."""
    s.there("roles/nm/a/README", "roles/nm/other/z")


def kelpie(s, r):
    s.only("meta/main.yml", "tasks/main.yml")
