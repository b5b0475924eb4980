"""The times of files."""
import os
import time

from fixtures import WHEN, role_files
from sides import Differs

MARK = "?"
WHY = "a file is as old as its commit, as in an archive"
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files("simple", "v1")})


def both(s, r):
    r.exits(0)
    got = os.stat(s.path("roles/simple/tasks/main.yml")).st_mtime
    if got != WHEN + 1:
        raise Differs("is of %s, not of its commit" % time.ctime(got))
