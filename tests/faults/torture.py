#!/usr/bin/env python3
"""torture.py - make call after call of an installation fail.

Each round starts from a copy of --before, where one role is in place that is
to be replaced, and runs "kelpie install -j 1" with one call of one kind made
to fail by shim.c.  What has to hold is in judge().  Without --all a sample is
taken, as --seed says.
"""

import argparse
import collections
import concurrent.futures
import ctypes
import errno
import hashlib
import mmap
import os
import random
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time

HANGS = 10
INFO = "meta/.galaxy_install_info"

# What may go wrong with the calls of a kind; the first is tried at each of
# them with --all.  "+" is from then on.
FAULTS = {
    "malloc": ["ENOMEM", "ENOMEM+"],
    "open": ["EMFILE", "EACCES", "EINTR", "EIO", "EMFILE+"],
    "read": ["EIO", "EINTR", "short", "ECONNRESET", "short+"],
    "write": ["ENOSPC", "EDQUOT", "EINTR", "short", "EPIPE", "EFBIG",
              "ENOSPC+", "short+"],
    "make": ["ENOSPC", "EDQUOT", "EACCES", "EEXIST", "ENOSPC+"],
    "rename": ["EIO", "ENOSPC", "EINVAL", "ENOSYS", "EXDEV", "EINVAL+"],
    "unlink": ["EIO", "EPERM", "EIO+"],
    "sync": ["EIO", "ENOSPC", "EINVAL", "EIO+"],
    "truncate": ["EIO", "ENOSPC"],
    "mmap": ["ENOMEM", "ENOMEM+"],
    "fork": ["EAGAIN", "ENOMEM", "EAGAIN+"],
    "pipe": ["EMFILE", "ENFILE", "EMFILE+"],
    "close": ["EIO", "EINTR", "EDQUOT"],
    "stat": ["EIO", "EACCES", "ENOMEM", "EIO+"],
    "readdir": ["EIO", "EIO+"],
    "limit": ["EPERM", "EPERM+"],
    "prctl": ["EPERM", "EINVAL", "EPERM+"],
    "kill": ["EPERM", "ESRCH", "EPERM+"],
    "signal": ["EINVAL", "EINVAL+"],
    "poll": ["EINTR", "ENOMEM", "EINVAL"],
    "wait": ["EINTR", "ECHILD"],
    "lock": ["ENOLCK", "EINTR", "EIO"],
    "fcntl": ["EMFILE", "EINVAL", "EMFILE+"],
    "times": ["EPERM", "EIO", "EPERM+"],
    "net": ["ECONNREFUSED", "EMFILE", "EACCES"],
    "syscall": ["EPERM", "ENOSYS", "ENOSYS+", "EPERM+"],
}
KINDS = list(FAULTS)
# No harm is done by these, so the run succeeds.
HARMLESS = {("read", "short"), ("read", "short+"), ("read", "EINTR"),
            ("write", "short"), ("write", "short+"), ("write", "EINTR"),
            ("poll", "EINTR"), ("wait", "EINTR")}

Fault = collections.namedtuple("Fault", "kind at how")
# Exit status (None: it hung), its words, processes left, which call failed,
# where a process died of that, how many calls of each kind there were.
Ran = collections.namedtuple("Ran", "status said left what crash counts")


def tree(path):
    """Names, types, modes and contents, as a digest.  Of the install info,
    which has the time in it, only that it is there, and whole."""
    h = hashlib.sha256()
    for top, dirs, files in os.walk(path):
        dirs.sort()
        for name in sorted(dirs + files):
            full = os.path.join(top, name)
            st = os.lstat(full)
            rel = os.path.relpath(full, path)
            h.update(("%s %o\n" % (rel, st.st_mode)).encode())
            if not stat.S_ISREG(st.st_mode):
                continue
            with open(full, "rb") as f:
                data = f.read()
            if rel == INFO:
                data = re.sub(rb"install_date: .+\n", b"date\n", data)
            h.update(data)
    return h.hexdigest()


def roles(path):
    try:
        return {n: tree(os.path.join(path, n)) for n in os.listdir(path)
                if n != ".kelpie"}
    except FileNotFoundError:
        return {}


def litter(path):
    found = []
    for name in "stage", "trash":
        full = os.path.join(path, ".kelpie", name)
        if os.path.isdir(full):
            found += [name + "/" + n for n in os.listdir(full)]
    journal = os.path.join(path, ".kelpie", "journal")
    if os.path.exists(journal) and os.path.getsize(journal):
        found.append("journal")
    for name in os.listdir(os.path.join(path, ".kelpie")):
        if name not in ("stage", "trash", "journal", "state", "lock",
                        ".gitignore"):
            found.append(name)
    return found


class World:
    def __init__(self, args):
        self.args = args
        self.before = roles(args.before)
        self.after = roles(args.after)
        assert len(self.after) == 4 and len(self.before) == 1

    def run(self, where, fault):
        """One run with a fault, or none."""
        env = dict(os.environ, XDG_CACHE_HOME=where + "/cache")
        counter = where + "/counter"
        if fault is not None:
            with open(counter, "wb") as f:
                f.write(bytes(4096))
            env.update(LD_PRELOAD=self.args.shim, FAULT_FILE=counter,
                       FAULT_KIND=fault.kind, FAULT_AT=str(fault.at),
                       FAULT_HOW=number(fault.how))
            if fault.how.endswith("+"):
                env["FAULT_FROM"] = "1"
        with open(where + "/out", "w+b") as out:
            p = subprocess.Popen(
                [self.args.kelpie, "install", "-j", "1", "-r",
                 self.args.requirements, "-p", where + "/roles"],
                env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            try:
                status = p.wait(HANGS)
            except subprocess.TimeoutExpired:
                subprocess.run(["cat", "/proc/%d/stack" % p.pid,
                                "/proc/%d/syscall" % p.pid], stdout=out,
                               check=False)
                p.kill()
                p.wait()
                status = None
            out.seek(0)
            said = out.read().decode("utf-8", "replace")
        left = orphans()
        counts, what, crash = {}, "", ""
        if fault is not None:
            with open(counter, "rb") as f:
                data = f.read()
            counts = dict(zip(KINDS, struct.unpack_from(
                "%dQ" % len(KINDS), data)))
            texts = data[8 * len(KINDS) + 16:]
            what = texts[:512].split(b"\0")[0].decode()
            crash = texts[512:1024].split(b"\0")[0].decode()
        return Ran(status, said, left, what, crash, counts)

    def round(self, fault):
        """Returns a list of complaints, and which call it was."""
        where = tempfile.mkdtemp(dir=self.args.tmp)
        shutil.copytree(self.args.before, where + "/roles", symlinks=True)
        ran = self.run(where, fault)
        wrong = self.judge(fault, where, ran)
        again = self.run(where, None)
        now = roles(where + "/roles")
        if again.status != 0 or now != self.after:
            wrong.append("the next run ends with %s: %s" % (
                again.status, again.said))
        # What could not be looked at may have been edited, and is kept.
        left = [n for n in litter(where + "/roles")
                if not n.startswith("trash/keep-") or n[6:] not in ran.said]
        if left:
            wrong.append("left over: %s" % left)
        if wrong:
            wrong.append("it said: " + ran.said)
        else:
            shutil.rmtree(where)
        return wrong, ran.what

    def judge(self, fault, where, ran):
        wrong = []
        now = roles(where + "/roles")
        # A library may have no answer to a lack of memory.
        memory = fault.kind in ("malloc", "mmap")
        excused = memory and ran.crash and "/kelpie" not in ran.crash
        if ran.status is None:
            wrong.append("it hangs")
        elif ran.status < 0 and not excused:
            wrong.append("killed by signal %d" % -ran.status)
        if ran.crash and not excused:
            wrong.append(ran.crash)
        for name, digest in now.items():
            if digest not in (self.before.get(name), self.after.get(name)):
                wrong.append("%s is neither old nor new" % name)
        for name in self.before:
            if name not in now:
                wrong.append("the old %s is gone" % name)
        if ran.status == 0 and now != self.after:
            wrong.append("status 0, and not all is there: %s" % list(now))
        if not ran.said.strip() and not silenced(fault, ran):
            wrong.append("status %d without a word" % ran.status)
        if ran.status != 0 and (fault.kind, fault.how) in HARMLESS and \
                ran.what:
            wrong.append("status %s, and no harm was done" % ran.status)
        if ran.left:
            wrong.append("processes are left: %s" % ran.left)
        return wrong


def silenced(fault, ran):
    """It could not have said anything."""
    if fault.kind == "write":
        return fault.how.endswith("+") or ran.what.startswith("write fd 2")
    return fault.kind in ("malloc", "mmap") and (
        ran.crash or "/kelpie" not in ran.what)


def number(how):
    how = how.rstrip("+")
    return how if how == "short" else str(getattr(errno, how))


def orphans():
    """We are the reaper of whom kelpie leaves.  They have a moment: a worker
    ends when it sees that its parent has gone."""
    end = time.monotonic() + 3
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        if pid == 0 and time.monotonic() > end:
            break
        if pid == 0:
            time.sleep(0.005)
    left = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())],
                          stdout=subprocess.PIPE, check=False).stdout.split()
    for pid in left:
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    try:
        while os.waitpid(-1, 0):
            pass
    except ChildProcessError:
        pass
    return left


def become_reaper():
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


WORLD = None


def one(fault):
    return (fault,) + WORLD.round(fault)


def start(args):
    global WORLD
    become_reaper()
    WORLD = World(args)


def everything(counts, args):
    for kind in args.kind or KINDS:
        for how in FAULTS[kind][:1] if args.first else FAULTS[kind]:
            if args.how and how not in args.how:
                continue
            n = counts[kind]
            step = max(1, n // args.most) if args.most else 1
            for at in range(1, n + 1, step):
                yield Fault(kind, at, how)


def sample(counts, args):
    """Each fault once at least, and more of the frequent calls."""
    pick = random.Random(args.seed)
    faults = [(k, how) for k in args.kind or KINDS for how in FAULTS[k]
              if counts[k]]
    weights = [min(counts[k], 300) / len(FAULTS[k]) for k, _ in faults]
    faults += pick.choices(faults, weights, k=max(0, args.n - len(faults)))
    return [Fault(k, pick.randint(1, counts[k]), how) for k, how in faults]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    for name in "shim", "kelpie", "requirements", "before", "after", "tmp":
        p.add_argument("--" + name, required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--n", type=int, default=200)
    p.add_argument("--all", action="store_true")
    p.add_argument("--most", type=int, help="so many of a kind and errno")
    p.add_argument("--kind", action="append")
    p.add_argument("--first", action="store_true", help="of FAULTS, with --all")
    p.add_argument("--how", action="append", help="with --all")
    p.add_argument("--fault", help="KIND:NUMBER:HOW, just this one")
    p.add_argument("--jobs", type=int, default=2)
    args = p.parse_args()
    start(args)
    where = tempfile.mkdtemp(dir=args.tmp)
    shutil.copytree(args.before, where + "/roles", symlinks=True)
    ran = WORLD.run(where, Fault("malloc", 0, "ENOMEM"))
    counts = ran.counts
    if ran.status != 0 or roles(where + "/roles") != WORLD.after:
        sys.exit("without a fault: %s" % ran.said)
    print("calls: " + " ".join("%s %d" % kv for kv in counts.items()))
    if args.fault:
        kind, at, how = args.fault.split(":")
        faults = [Fault(kind, int(at), how)]
    elif args.all:
        faults = list(everything(counts, args))
    else:
        faults = sample(counts, args)
    bad, hit, met = 0, collections.Counter(), set()
    with concurrent.futures.ProcessPoolExecutor(
            args.jobs, initializer=start, initargs=(args,)) as pool:
        for fault, wrong, what in pool.map(one, faults, chunksize=1):
            hit[fault.kind] += bool(what)
            if not wrong:
                continue
            bad += 1
            print("FAIL %s:%d:%s: %s\n    %s" % (
                fault + (what, "\n    ".join("\n".join(wrong).split("\n")))),
                flush=True)
    print("failed on purpose: %d of %d calls: %s" % (
        sum(hit.values()), len(faults),
        " ".join("%s %d" % kv for kv in hit.items())))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
