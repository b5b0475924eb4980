"""Symbolic links inside a role are kept, also those to nothing."""
from fixtures import link, role_files, under

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) + [
        ("p/tasks/same.yml", link("main.yml")),
        ("p/files/up.yml", link("../tasks/main.yml")),
        ("p/files/nothing", link("not-there")),
        ("p/vars", link("files"))])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1")
    s.links("roles/nm/tasks/same.yml", "main.yml")
    s.links("roles/nm/files/up.yml", "../tasks/main.yml")
    s.links("roles/nm/files/nothing", "not-there")
    s.links("roles/nm/vars", "files")
