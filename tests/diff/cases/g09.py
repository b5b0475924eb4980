"""Symbolic links inside a role are kept as they are."""
from fixtures import link, role_files

MARK = "="
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files(
        "simple", "v1", files={
            "tasks/same.yml": link("main.yml"),
            "files/up.yml": link("../tasks/main.yml"),
            "vars": link("files")})})


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")
    s.links("roles/simple/tasks/same.yml", "main.yml")
    s.links("roles/simple/files/up.yml", "../tasks/main.yml")
    s.links("roles/simple/vars", "files")
