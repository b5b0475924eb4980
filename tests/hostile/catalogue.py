#!/usr/bin/env python3
"""catalogue.py T URL [quick] - every case of cases.py, every way.

T is a directory to work in, T/repos what the server at URL serves.  All of
the cases go through one run of kelpie, and that again as root and as an
ordinary user, with the sandbox and without.  "quick" is one way for each, and
one run.  Prints what was found wrong, and how much was looked at.
"""
import os
import re
import sys
import time

import archives
import cases
import trees
import world
import gzip
import bz2
import lzma
import zlib

T, URL = os.path.realpath(sys.argv[1]), sys.argv[2]
QUICK = "quick" in sys.argv[3:]
REPOS, ODD, TOP = T + "/repos", T + "/odd", T + "/world"
OUTSIDE = os.fsencode(TOP + "/outside")
found = []


def wrong(where, what):
    found.append("%s: %s" % (where, what))


class Entry:
    """One case in one form, by one way: a line of the requirements file."""

    def __init__(self, case, form, way, source, more=""):
        self.case, self.form, self.way = case, form, way
        self.name = "%s.%s-%s" % (case.name, form, way)
        self.line = "- {src: '%s', name: '%s'%s}\n" % (source, self.name, more)
        self.want = case.want[form]
        # Half of them find an old role in place.
        self.old = zlib.crc32(self.name.encode()) % 2 == 0
        self.turn = 0


# ---- the sources, once ----

def compressed(case, data):
    """Another way for each, for those that are not told."""
    pick = zlib.crc32(case.name.encode()) % 4
    if data[:2] in (b"\x1f\x8b", b"PK") or case.name.endswith(cases.AS_IS) or \
            case.name[1:4] in ("080", "090", "091", "092", "093"):
        return data
    return (data, gzip.compress(data, 1), lzma.compress(data, preset=0), bz2.compress(data))[pick]


def put_trees(case):
    for under in (False, True)[:1 + case.inside]:
        repo = trees.Repo()
        tree = case.make["tree"](repo)
        if under:
            readme = trees.FILE, b"README", repo.blob(b"x\n")
            inner = repo.tree([(trees.DIR, b"x", tree)])
            tree = repo.tree([readme, (trees.DIR, b"roles", inner)])
        repo.commit(tree)
        name = case.name + ("-under" if under else "")
        repo.packed("%s/raw/%s.git" % (REPOS, name))
        if QUICK:
            break
        repo.loose("%s/loose/%s.git" % (REPOS, name))
    raw, loose = "git+%s/raw/%s" % (URL, case.name), "git+file://%s/loose/%s" % (REPOS, case.name)
    ways = [("raw", raw + ".git", ""), ("file", loose + ".git", ""),
            ("http", "git+%s/loose/%s.git" % (URL, case.name), "")]
    if case.inside:
        ways += [("path", raw + "-under.git", ", path: roles/x"),
                 ("path-file", loose + "-under.git", ", path: roles/x")]
    return in_turns([Entry(case, "tree", *way) for way in ways])


def put_archives(case, form):
    # A path is for a role that lies below other things.
    inside = case.inside and not re.match("H0(89|95|90|93)|.*" + cases.AS_IS, case.name)
    ways = []
    for way, top in (("", b"p/"), ("path", b"p/roles/x/"))[:1 + inside]:
        data = case.make[form](top)
        if way and len(data) > 1 << 20:
            continue
        name = "%s.%s%s.tar.gz" % (case.name, form, way)
        data = compressed(case, data)
        with open("%s/%s" % (ODD, name), "wb") as f:
            f.write(data)
        os.link("%s/%s" % (ODD, name), "%s/%s" % (REPOS, name))
        more = ", path: roles/x" if way else ""
        ways += [((way or "local") + "", ODD + "/" + name, more),
                 (way + "http", URL + "/" + name, more)]
    return in_turns([Entry(case, form, *way) for way in ways])


def in_turns(entries):
    """The first run takes all of the ways, the others each other one."""
    for turn, e in enumerate(entries):
        e.turn = turn
    return entries


def sources():
    entries = []
    for path in (REPOS + "/raw", REPOS + "/loose", ODD, T + "/dirs"):
        os.makedirs(path)
    for case in cases.all_cases(OUTSIDE):
        if QUICK and case.name in ONCE:
            continue
        for form, want in case.want.items():
            if want == "-":
                continue
            if form == "tree":
                entries += put_trees(case)
            elif form == "dir":
                case.directory("%s/dirs/%s" % (T, case.name))
                entries.append(Entry(case, "dir", "copy", "%s/dirs/%s" % (T, case.name)))
            else:
                entries += put_archives(case, form)
    return entries


# ---- a run ----

def judge(w, uid, where, entry, failed):
    path = os.path.join(w.roles, entry.name)
    at = where + " " + entry.name
    reason = failed.get(entry.name)
    if reason is not None:
        if "the worker " in reason:
            wrong(at, reason)
        if entry.want == "S":
            wrong(at, "was refused: " + reason)
        elif entry.case.says and not re.search(entry.case.says, reason):
            wrong(at, "says " + reason)
        if not entry.old and os.path.lexists(path):
            wrong(at, "was refused and is there")
        return
    if entry.want == "R":
        wrong(at, "was taken")
    problem = world.bad_role(path, uid) if os.path.lexists(path) else "is not there"
    if problem:
        wrong(at, problem)
    else:
        check(path, entry, at)


def check(path, entry, at):
    with open(path + "/" + world.INFO, "rb") as f:
        if b"install_date" not in f.read():
            wrong(at, "has install info that is not kelpie's")
    for name, want in entry.case.check.items():
        file = os.path.join(os.fsencode(path), os.fsencode(name))
        if (want is None) != (not os.path.lexists(file)):
            wrong(at, "%s is there or is not" % name)
        elif isinstance(want, int):
            got = os.lstat(file).st_mode & 0o7777
            if got != want:
                wrong(at, "%s has mode %o" % (name, got))
        elif isinstance(want, tuple):
            if os.readlink(file) != os.fsencode(want[0]):
                wrong(at, "%s leads to %s" % (name, os.readlink(file)))
        elif want in ("file", "dir"):
            if (os.path.isdir(file), os.path.islink(file)) != (want == "dir", False):
                wrong(at, "%s is no %s" % (name, want))
        elif want is not None:
            with open(file, "rb") as f:
                if f.read() != want:
                    wrong(at, "%s is something else" % name)


ONCE = ("H076-blob", "H076-4GiB", "H078-many", "H078-many-entries", "H058-very-deep")
GOOD = ["good-local", "good-http", "good-path", "good-file", "good-raw"]


def good_sources():
    repo = trees.Repo()
    repo.commit(cases.role_tree()(repo))
    repo.loose(REPOS + "/good.git")
    repo.packed(REPOS + "/good-raw.git")
    with open(REPOS + "/good.tar.gz", "wb") as f:
        f.write(gzip.compress(archives.GOOD))
    return ["- {src: '%s', name: %s%s}\n" % (src, name, more) for name, src, more in zip(GOOD, (
        REPOS + "/good.tar.gz", URL + "/good.tar.gz", URL + "/good.tar.gz",
        "git+file://%s/good.git" % REPOS, "git+%s/good-raw.git" % URL), ("", "", ", path: p", "", ""))]


def look_at(where, w, uid, failed, entries):
    unknown = set(failed) - {e.name for e in entries}
    if unknown:
        wrong(where, "failed as well: %s" % {n: failed[n] for n in unknown})
    for e in entries:
        judge(w, uid, where, e, failed)
    for name in GOOD:
        problem = world.bad_role("%s/%s" % (w.roles, name), uid) \
            if os.path.exists("%s/%s" % (w.roles, name)) else "is not there"
        if problem:
            wrong(where, "%s %s" % (name, problem))


def leg(user, options, env, entries, good):
    uid = None if user == "root" else world.NOBODY
    where = " ".join([user] + options + ["%s=%s" % e for e in env.items()])
    w = world.World(TOP, [REPOS, ODD, T + "/dirs"], uid)
    for e in entries:
        if e.old:
            world.put_role("%s/%s" % (w.roles, e.name), b"old")
    world.write(TOP + "/cwd/r.yml", "".join(good + [e.line for e in entries]).encode())
    w.settle()
    start = time.monotonic()
    args = ["install", "-r", "r.yml", "-p", w.roles, "-f", "-j", "4", "-v", "--retries", "0",
            *options]
    status, out, err, megabytes = w.run(*args, **env)
    failed = world.failures(err)
    if megabytes > world.MOST_MB and not world.SANITIZED:
        wrong(where, "%d MB of memory" % megabytes)
    for problem in w.after((out, err), status, GOOD + [
            e.name for e in entries if e.name not in failed]):
        wrong(where, problem)
    look_at(where, w, os.geteuid() if uid is None else uid, failed, entries)
    print("%s: %d cases, %d refused, %.1f s, %d MB" % (
        where, len(entries), len(failed), time.monotonic() - start, megabytes), flush=True)
    return failed


def terminal_leg(entries, failed):
    """What the screen shows of those that were refused."""
    few = [e for e in entries if e.name in failed and re.match("H0(45|53|87|90)", e.name)]
    w = world.World(TOP, [REPOS, ODD, T + "/dirs"], None)
    world.write(TOP + "/cwd/r.yml", "".join(e.line for e in few).encode())
    w.settle()
    status, seen = w.run_on_terminal("install", "-r", "r.yml", "-p", w.roles, "-v")
    problem = world.bad_output(seen, True)
    if problem or status != 1 or seen.count(b"FAILED") < len(few):
        wrong("terminal", problem or "status %d, %d of %d told" % (
            status, seen.count(b"FAILED"), len(few)))
    for line in w.touched([])[:10]:
        wrong("terminal", "touched: " + line)
    print("terminal: %d cases" % len(few))


def main():
    start = time.monotonic()
    entries = sources()
    good = good_sources()
    missing = set(cases.NUMBERS) - {int(n) for n in re.findall(
        "^H([0-9]{3})-", "\n".join(e.name for e in entries), re.M)}
    if missing and not QUICK:
        wrong("catalogue", "no case for %s" % missing)
    print("made in %.1f s" % (time.monotonic() - start), flush=True)
    off = ["--sandbox=off"]
    legs = [("root", [], {}), ("root", off, {"LC_ALL": "C"})]
    if os.geteuid() == 0:
        legs += [("nobody", [], {"LC_ALL": "C"}), ("nobody", off, {})]
    else:
        print("not root: as one user only")
    # Those that take long go once; git itself is asked once.
    once = [e for e in entries if e.case.name in ONCE or e.way == "http" and e.form == "tree"]
    rest = [e for e in entries if e not in once]
    if QUICK:
        rest, once = [e for e in rest if e.turn == 0], []
    failed = leg(*legs[0], rest + once, good)
    for i, more in enumerate(legs[1:1 if QUICK else None]):
        leg(*more, [e for e in rest if e.turn % 2 == i % 2 or e.form == "dir"], good)
    if not QUICK:
        terminal_leg(rest, failed)
    for line in found[:60]:
        print("FAIL: " + line)
    sys.exit(1 if found else 0)


main()
