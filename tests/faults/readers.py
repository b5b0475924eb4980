#!/usr/bin/env python3
"""readers.py STOP ROLES NAME...: read all of these roles, by path, until the
file STOP is there.  Exits 1 if a file was missing or not whole."""
import os
import sys

stop, roles, names = sys.argv[1], sys.argv[2], sys.argv[3:]
paths = ["%s/%s/%s" % (roles, name, path) for name in names for path in (
    "meta/main.yml", "meta/.galaxy_install_info", "tasks/main.yml",
    "files/run.sh")]
ends = {"main.yml": ("v1}\n", "v2}\n"), "run.sh": ("v1\n", "v2\n")}
seen = {}
passes = missed = mixed = 0
while not os.path.exists(stop):
    passes += 1
    versions = set()
    for path in paths:
        try:
            with open(path) as f:
                text = f.read()
        except OSError as e:
            print(e)
            missed += 1
            continue
        if not text.endswith("\n") or "/tasks/" in path and not (
                text.endswith(ends["main.yml"])):
            print("%s is not whole: %r" % (path, text))
            missed += 1
        seen.setdefault(path, set()).add(text)
        if "/tasks/" in path or path.endswith("run.sh"):
            versions.add("v1" in text)
    mixed += len(versions) > 1
both = all(len(seen.get(p, ())) > 1 for p in paths if "/tasks/" in p)
print("%d passes, %d missed, %d with both versions" % (passes, missed, mixed))
if not both:
    print("not all were read in both versions")
sys.exit(missed > 0 or not both)
