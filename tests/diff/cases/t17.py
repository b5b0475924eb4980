"""Odd names in an archive are names."""
from fixtures import role_files, under

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"
NAMES = ("~x", "~root", "$HOME", "with a blank", "-rf", "\u00fcml\u00e4ut",
         "semi;colon")


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) +
          [("p/files/" + name, name + "\n") for name in NAMES])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1")
    for name in NAMES:
        s.contains("roles/nm/files/" + name, name + "\n")
