"""Killed while a role is written, and started again."""
import shutil
import signal

from fixtures import role_files, under
from sides import Differs

MARK = "+"
WHY = "what is unfinished never is in place"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) +
          [("p/files/%d" % n, "") for n in range(8000)])


def ask(s):
    where = "roles/.kelpie/stage" if s.is_kelpie else "roles/nm"
    for _ in range(10):
        if s.install(FILE, kill_at=where).status == -signal.SIGKILL:
            return s.install(FILE)
        # It was quicker.
        shutil.rmtree(s.path("roles"))
    raise Differs("never was seen at work")


def galaxy(s, r):
    """The role is there in part."""
    r.exits(1).says("appears to already exist. Use --force to replace it")


def kelpie(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").there("roles/nm/files/7999")
