#!/usr/bin/env python3
"""sweep.py - an installation with more and more of something.

    disk        bytes of the file system with roles and cache on it
    disk-roles  of one with the roles alone
    disk-cache  of one with the cache alone
    inodes      files of the first
    file        bytes of the largest file that may be written
    files       descriptors that may be open
    user        processes of one user, who is not root
    pids        processes in a control group (version 1)

A round with too little may fail, with the cause in its words.  From some
point on there is enough, and all rounds succeed.
"""

import argparse
import contextlib
import os
import re
import resource
import shutil
import subprocess
import sys

import rounds

NO_SPACE = "[Nn]o space left|not enough room"
DISKS = {"disk": ("roles", "cache"), "disk-roles": ("roles",),
         "disk-cache": ("cache",), "inodes": ("roles", "cache")}


class Sweep(rounds.World):
    def __init__(self, args):
        super().__init__(args)
        self.succeeded = None  # since this amount
        self.failed = 0
        self.rounds = 0

    def step(self, what, amount):
        where = self.place()
        with contextlib.ExitStack() as stack:
            getattr(self, what.partition("-")[0])(what, amount, where, stack)
        shutil.rmtree(where)

    def check(self, what, amount, where, ran, cause):
        self.rounds += 1
        wrong = self.judge(where, ran)
        if ran.status != 0 and not re.search(cause, ran.said):
            wrong.append("it does not say why: %s" % ran.said)
        if ran.status != 0 and self.succeeded is not None:
            wrong.append("%d was enough: %s" % (self.succeeded, ran.said))
        if ran.status == 0 and self.succeeded is None:
            self.succeeded = amount
        self.failed += ran.status != 0
        # With no room for the records the stages go all the same.
        stages = where + "/roles/.kelpie/stage"
        if os.path.isdir(stages) and os.listdir(stages):
            wrong.append("a stage is left: %s" % os.listdir(stages))
        return wrong

    def end(self, what, amount, wrong):
        if wrong:
            sys.exit("FAIL %s %d: %s" % (what, amount, "\n".join(wrong)))

    def disk(self, what, amount, where, stack):
        options = "size=%d" % amount
        if what == "inodes":
            options = "size=64m,nr_inodes=%d" % amount
        disk = where + "/disk"
        os.mkdir(disk)
        # What lies there at the start has room.
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs",
                        disk], check=True)
        stack.callback(subprocess.run, ["umount", "-l", disk], check=True)
        for name in DISKS[what]:
            if name == "roles":
                shutil.move(where + "/roles", disk + "/roles")
            else:
                os.mkdir(disk + "/cache")
            os.symlink("disk/" + name, where + "/" + name)
        remount = ["mount", "-o", "remount," + options, disk]
        if subprocess.run(remount, stderr=subprocess.DEVNULL,
                          check=False).returncode != 0:
            return  # less than there is already
        ran = self.run(where)
        wrong = self.check(what, amount, where, ran, NO_SPACE)
        subprocess.run(["mount", "-o", "remount,size=64m,nr_inodes=0", disk],
                       check=True)
        self.end(what, amount, wrong + self.heal(where, ran))

    inodes = disk

    def file(self, what, amount, where, _):
        ran = self.run(where, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (amount, amount)))
        wrong = self.check(what, amount, where, ran, "File too large")
        self.end(what, amount, wrong + self.heal(where, ran))

    def files(self, what, amount, where, _):
        ran = self.run(where, jobs=8, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (amount, amount)))
        wrong = self.check(what, amount, where, ran,
                           "only %d descriptors may be open|"
                           "Too many open files|shared librar" % amount)
        self.end(what, amount, wrong + self.heal(where, ran))

    def user(self, what, amount, where, _):
        uid = 60000 + os.getpid() % 5000  # nobody else's
        for top, _, files in os.walk(where):
            for name in [top] + [top + "/" + n for n in files]:
                os.chown(name, uid, uid, follow_symlinks=False)

        def drop():
            os.setgroups([])
            os.setgid(uid)
            resource.setrlimit(resource.RLIMIT_NPROC, (amount, amount))
            os.setuid(uid)

        ran = self.run(where, jobs=8, preexec_fn=drop)
        wrong = self.check(what, amount, where, ran, "fork|start a child")
        shutil.rmtree(where + "/cache", ignore_errors=True)
        for top, _, files in os.walk(where):
            for name in [top] + [top + "/" + n for n in files]:
                os.chown(name, 0, 0, follow_symlinks=False)
        self.end(what, amount, wrong + self.heal(where, ran))

    def pids(self, what, amount, where, stack):
        # Below our own group: what limits us limits it too.
        with open("/proc/self/cgroup") as f:
            own = re.search(r":pids:(.*)", f.read()).group(1).rstrip("/")
        group = "/sys/fs/cgroup/pids%s/kelpie-test-%d" % (own, os.getpid())
        os.mkdir(group)
        stack.callback(os.rmdir, group)
        with open(group + "/pids.max", "w") as f:
            f.write("%d\n" % amount)

        def enter():
            with open(group + "/cgroup.procs", "w") as f:
                f.write("%d\n" % os.getpid())

        ran = self.run(where, jobs=8, preexec_fn=enter)
        wrong = self.check(what, amount, where, ran, "fork|start a child")
        self.end(what, amount, wrong + self.heal(where, ran))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    rounds.add_arguments(p)
    p.add_argument("what")
    p.add_argument("amount", type=int, nargs="+")
    args = p.parse_args()
    rounds.become_reaper()
    sweep = Sweep(args)
    for amount in args.amount:
        sweep.step(args.what, amount)
    print("%s: %d rounds, %d failed as they had to, enough from %s on" % (
        args.what, sweep.rounds, sweep.failed, sweep.succeeded))
    if sweep.succeeded is None and max(args.amount) > 1000:
        sys.exit("FAIL %s: it is never enough" % args.what)


if __name__ == "__main__":
    main()
