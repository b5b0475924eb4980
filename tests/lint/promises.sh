#!/bin/sh
# Every test that CONTRIBUTING.md names for a promise is there.
. "$(dirname "$0")/lib.sh"
need python3
python3 -c '
import glob, re, sys

bad = 0
for line in open("CONTRIBUTING.md"):
    row = re.match(r"\| (P\d+) \|[^|]*\|([^|]*)\|", line)
    if not row:
        continue
    where = None
    names = re.sub(r" *\([^)]*\)", "", row.group(2))
    names = names.replace("all of fuzz;", "")
    for name in re.split(r"[,;]\s*", names.strip()):
        directory, slash, name = name.rpartition("/")
        where = directory if slash else where
        if glob.glob("tests/%s/%s.sh" % (where, name)) or \
                glob.glob("tests/%s/%s_%s.c" % (where, name, "test" if where == "unit" else "fuzz")):
            continue
        print("CONTRIBUTING.md: %s: there is no tests/%s/%s" % (row.group(1), where, name))
        bad = 1
sys.exit(bad)
'
