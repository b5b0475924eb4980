"""The times of files."""
import os
import time

from fixtures import WHEN, role_files
from sides import Differs

MARK = "?"
WHY = "what is new in a directory is newer than what was there"
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files("simple", "v1")})


def age(s):
    return os.stat(s.path("roles/simple/tasks/main.yml")).st_mtime


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")


def galaxy(s, r):
    """That of the commit."""
    if age(s) != WHEN + 1:
        raise Differs("is of %s" % time.ctime(age(s)))


def kelpie(s, r):
    """That of the installation."""
    if age(s) < s.started - 2:
        raise Differs("is of %s" % time.ctime(age(s)))
