#!/usr/bin/env python3
"""treelist.py [--role] DIR - one line for each entry below DIR.

Path, type, the executable bit of files, target of links, digest of
contents.  --role leaves out what an installer adds, in a role or in a
directory of roles, and shows modes other than 0644 and 0755.
"""
import hashlib
import os
import stat
import sys


def entries(top, rel=b""):
    for name in sorted(os.listdir(os.path.join(top, rel))):
        path = os.path.join(rel, name)
        yield path, os.lstat(os.path.join(top, path))
        if stat.S_ISDIR(os.lstat(os.path.join(top, path)).st_mode):
            yield from entries(top, path)


def describe(top, path, st, strict):
    full = os.path.join(top, path)
    mode = stat.S_IMODE(st.st_mode)
    if stat.S_ISLNK(st.st_mode):
        return "link -> %r" % os.readlink(full)
    if stat.S_ISDIR(st.st_mode):
        return "dir" if not strict or mode == 0o755 else "dir %o" % mode
    if not stat.S_ISREG(st.st_mode):
        return "type %o" % st.st_mode
    if strict and (mode not in (0o644, 0o755) or st.st_nlink != 1):
        return "mode %o links %d" % (mode, st.st_nlink)
    with open(full, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    return "%s %d %s" % ("x" if mode & 0o100 else "-", st.st_size, digest[:16])


def main():
    strict = sys.argv[1] == "--role"
    top = os.fsencode(sys.argv[-1])
    for path, st in entries(top):
        if strict and (path.split(b"/")[0] == b".kelpie" or
                       path.endswith(b"meta/.galaxy_install_info")):
            continue
        print(repr(path)[1:], describe(top, path, st, strict))


main()
