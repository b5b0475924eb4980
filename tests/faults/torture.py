#!/usr/bin/env python3
"""torture.py - make call after call of an installation fail.

Each round is one run with one call of one kind made to fail by shim.c.  What
has to hold is in rounds.py.  Without --all a sample is taken, as --seed says.
"""

import argparse
import collections
import concurrent.futures
import errno
import random
import shutil
import struct
import sys

import rounds

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
# How it ran, which call failed, where a process died of that.
Tortured = collections.namedtuple("Tortured", "ran what crash")


class Torture(rounds.World):
    def torture(self, where, fault, jobs=1):
        """One run with that fault.  Returns how it went and the counters."""
        counter = where + "/counter"
        with open(counter, "wb") as f:
            f.write(bytes(4096))
        env = {"LD_PRELOAD": self.args.shim, "FAULT_FILE": counter,
               "FAULT_KIND": fault.kind, "FAULT_AT": str(fault.at),
               "FAULT_HOW": number(fault.how)}
        if fault.how.endswith("+"):
            env["FAULT_FROM"] = "1"
        ran = self.run(where, env=env, jobs=jobs)
        with open(counter, "rb") as f:
            data = f.read()
        counts = struct.unpack_from("%dQ" % len(KINDS), data)
        texts = data[8 * len(KINDS) + 16:]
        what, crash = (texts[i:i + 512].split(b"\0")[0].decode()
                       for i in (0, 512))
        return Tortured(ran, what, crash), dict(zip(KINDS, counts))

    def round(self, fault):
        """Returns a list of complaints, and which call it was."""
        where = self.place()
        hurt, _ = self.torture(where, fault, self.args.width)
        wrong = self.judge(where, hurt.ran, silenced(fault, hurt),
                           excused(fault, hurt))
        if hurt.crash and not excused(fault, hurt):
            wrong.append(hurt.crash)
        # A file on a disk is nothing that a signal interrupts.
        if hurt.ran.status != 0 and hurt.what and \
                not hurt.what.startswith("pread") and (
                    self.args.harmless or
                    (fault.kind, fault.how) in HARMLESS):
            wrong.append("no harm was done: " + hurt.ran.said)
        wrong += self.heal(where, hurt.ran)
        if not wrong:
            shutil.rmtree(where)
        return wrong, hurt.what


def excused(fault, hurt):
    """A library may have no answer to a lack of memory."""
    return fault.kind in ("malloc", "mmap") and hurt.crash and \
        "/kelpie" not in hurt.crash


def silenced(fault, hurt):
    """It could not have said anything."""
    if fault.kind == "write":
        return fault.how.endswith("+") or hurt.what.startswith("write fd 2")
    return fault.kind in ("malloc", "mmap") and (
        hurt.crash or "/kelpie" not in hurt.what)


def number(how):
    how = how.rstrip("+")
    return how if how == "short" else str(getattr(errno, how))


WORLD = None


def one(fault):
    return (fault,) + WORLD.round(fault)


def start(args):
    global WORLD
    rounds.become_reaper()
    WORLD = Torture(args)


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
    rounds.add_arguments(p)
    p.add_argument("--shim", required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--n", type=int, default=200)
    p.add_argument("--all", action="store_true")
    p.add_argument("--most", type=int, help="so many of a kind and errno")
    p.add_argument("--kind", action="append")
    p.add_argument("--first", action="store_true", help="of FAULTS, with --all")
    p.add_argument("--how", action="append", help="with --all")
    p.add_argument("--fault", action="append", help="KIND:NUMBER:HOW")
    p.add_argument("--harmless", action="store_true",
                   help="the run succeeds all the same")
    p.add_argument("--width", type=int, default=1, help="kelpie's jobs")
    p.add_argument("--jobs", type=int, default=2, help="rounds at a time")
    args = p.parse_args()
    start(args)
    where = WORLD.place()
    hurt, counts = WORLD.torture(where, Fault("malloc", 0, "ENOMEM"))
    if hurt.ran.status != 0 or rounds.roles(where + "/roles") != WORLD.after:
        sys.exit("without a fault: %s" % hurt.ran.said)
    print("calls: " + " ".join("%s %d" % kv for kv in counts.items()))
    if args.fault:
        faults = [Fault(kind, int(at), how) for kind, at, how in
                  (fault.split(":") for fault in args.fault)]
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
