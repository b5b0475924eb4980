"""rounds.py - what has to hold after a run that something happened to.

A round starts from a copy of --before, where one role is in place that is to
be replaced, and installs --requirements.  Whatever happens to it: no role is
half there, status 0 means that all of --after is, the old role is there until
the new one is, nothing hangs, no process is left, and the next run heals and
leaves nothing behind.
"""

import collections
import ctypes
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time

HANGS = 30
INFO = "meta/.galaxy_install_info"

# Exit status (None: it hung), its words, processes left.
Ran = collections.namedtuple("Ran", "status said left")


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

    def place(self):
        """A directory for a round, with the roles in it."""
        where = tempfile.mkdtemp(dir=self.args.tmp)
        shutil.copytree(self.args.before, where + "/roles", symlinks=True)
        return where

    def run(self, where, env=None, jobs=1, wrapper=(), **more):
        """One run in such a place."""
        with subprocess.Popen(
                [*wrapper, self.args.kelpie, "install", "-j", str(jobs), "-r",
                 self.args.requirements, "-p", where + "/roles"],
                env=dict(os.environ, XDG_CACHE_HOME=where + "/cache",
                         **(env or {})), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                **more) as p:
            try:
                said = p.communicate(timeout=HANGS)[0]
                status = p.returncode
            except subprocess.TimeoutExpired:
                p.kill()
                said, status = p.communicate()[0], None
        said = said.decode("utf-8", "replace")
        return Ran(status, said, orphans())

    def judge(self, where, ran, may_be_silent=False, may_crash=False):
        """What is wrong after a run, as a list."""
        wrong = []
        now = roles(where + "/roles")
        if ran.status is None:
            wrong.append("it hangs")
        elif ran.status < 0 and not may_crash:
            wrong.append("killed by signal %d" % -ran.status)
        for name, digest in now.items():
            if digest not in (self.before.get(name), self.after.get(name)):
                wrong.append("%s is neither old nor new" % name)
        for name in self.before:
            if name not in now:
                wrong.append("the old %s is gone" % name)
        if ran.status == 0 and now != self.after:
            wrong.append("status 0, and not all is there: %s" % list(now))
        if not ran.said.strip() and not may_be_silent:
            wrong.append("not a word")
        if ran.left:
            wrong.append("processes are left: %s" % ran.left)
        if wrong:
            wrong.append("status %s, it said: %s" % (ran.status, ran.said))
        return wrong

    def heal(self, where, ran):
        """The same for the run after it, to which nothing happens."""
        wrong = []
        again = self.run(where)
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
            wrong.append("before it, status %s: %s" % (ran.status, ran.said))
        return wrong


def add_arguments(parser):
    for name in "kelpie", "requirements", "before", "after", "tmp":
        parser.add_argument("--" + name, required=True)


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
