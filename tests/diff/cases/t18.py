"""Modes and owners in an archive."""
import os

from fixtures import plain, role_files, under
from sides import Differs

MARK = "+"
WHY = "modes are 0644 and 0755, and the owner is who installs"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"
MODES = {"suid": (0o4777, 0o755), "none": (0, 0o644), "all": (0o666, 0o644),
         "run": (0o711, 0o755), "sgid": (0o2644, 0o644)}


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) + [
        ("p/files/" + name, plain(name + "\n", mode, uid=1234, gid=1234))
        for name, (mode, _) in MODES.items()])


def kelpie(s, r):
    r.exits(0)
    for name, (_, want) in MODES.items():
        path = "roles/nm/files/" + name
        if s.mode(path) != want:
            raise Differs("%s has mode %o, not %o" % (name, s.mode(path),
                                                      want))
        if os.stat(s.path(path)).st_uid != os.getuid():
            raise Differs("%s belongs to somebody else" % name)
