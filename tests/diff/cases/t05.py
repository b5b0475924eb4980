"""A file whose name begins like that of the metadata."""
from fixtures import role_files, under

MARK = "+"
WHY = "the metadata are in main.yml or main.yaml and nowhere else"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", [("p/meta/main.yml.orig", "a: [\n")] +
          under("p/", role_files("nm", "v1")))


def galaxy(s, r):
    """It is read as the metadata."""
    r.exits(1).says("does not appear to have a valid meta/main.yml file")


def kelpie(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").there("roles/nm/meta/main.yml.orig")
