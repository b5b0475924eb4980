"""Modes of files are 0644 and 0755."""
from fixtures import role_files, script
from sides import Differs

MARK = "+"
WHY = "nobody but the owner may write to a role"
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"
CORE = "2.14"


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files(
        "simple", "v1", files={"files/run.sh": script("#!/bin/sh\n")})})


def modes(s, plain, executable):
    for name, mode in (("tasks/main.yml", plain),
                       ("files/run.sh", executable)):
        got = s.mode("roles/simple/" + name)
        if got != mode:
            raise Differs("%s has mode %o, not %o" % (name, got, mode))


def galaxy(s, r):
    """They are those of git archive."""
    r.exits(0)
    modes(s, 0o664, 0o775)


def kelpie(s, r):
    r.exits(0)
    modes(s, 0o644, 0o755)
