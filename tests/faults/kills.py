#!/usr/bin/env python3
"""kills.py --url URL --slow URL --repos DIR [--rounds N] [--seed N] MODE... - disturb
kelpie at random moments, and see that nothing is lost.

Runs kelpie in the current directory: fresh installs and updates in turn, of
roles from git over http, git on this machine, archives over http and local
ones, with a dependency.  Each MODE is done N times, at moments spread over
the time that a run takes, and in every third round while roles are moved into
place.

    parent      SIGKILL to the parent
    workers     SIGKILL to one to three of its workers
    group       SIGKILL to the parent and all its workers
    term, hup   this signal to the parent
    keys        SIGINT or SIGQUIT to the parent, as from a keyboard
    calls       SIGKILL to the parent at its n-th call of a kind, by strace(1)
    stop        SIGSTOP to the parent, to some workers or to all, and SIGCONT
                some time later

After each round: every role is the complete old or the complete new one, or
not there if it was not there before; no process lives on for two seconds; the
same command exits with 0, and then all roles are new and nothing else is left.
"""
import argparse
import ctypes
import io
import itertools
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tarfile
import time

KELPIE = os.environ["KELPIE"]
VERSIONS = "v1", "v2"
FILES = 8
ROLES = {"git1": "git", "git2": "git", "file1": "file", "arch1": "http",
         "arch2": "http", "arch3": "local"}
SLOW = "git2", "arch2"
NEEDS = {"git1": "low"}  # what depends on what
KEPT = {".gitignore", "lock", "state"}
OPTIONS = [], ["--sync", "no"], ["--sync", "no", "-j", "3"], \
    ["--sync", "no", "--no-cache"], ["--sync", "no", "--isolate"]
# What changes things on the disk, and how often a run does it at the most.
CALLS = {"renameat2": 7, "renameat": 12, "fsync": 12, "syncfs": 3,
         "unlinkat": 80, "mkdirat": 10, "pwrite64": 1, "fchmod": 20,
         "write": 60, "flock": 1}
PR_SET_CHILD_SUBREAPER = 36


def tree(role, version, needs=""):
    """Path to contents and mode of every file of a role."""
    meta = "galaxy_info: {author: a, description: b, license: ISC}\n"
    files = {"meta/main.yml": (f"{meta}dependencies: [{needs}]\n", 0o644),
             "tasks/main.yml": (f"- debug: {{msg: {role} {version}}}\n", 0o644),
             "files/run.sh": (f"#!/bin/sh\necho {version}\n", 0o755)}
    for i in range(FILES):
        files[f"files/d{i % 3}/f{i}"] = f"{role} {version} {i}\n" * 40, 0o644
    return files


def make_git(path, trees):
    """A repository with a commit and a tag for each version."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path],
                   check=True)
    out = []
    for version, files in trees.items():
        out.append("commit refs/heads/main\ncommitter A Tester "
                   "<tester@example.org> 1700000000 +0000\ndata 1\nx\n")
        for name, (text, mode) in files.items():
            out.append(f"M {mode:o} inline {name}\n"
                       f"data {len(text)}\n{text}\n")
        out.append(f"reset refs/tags/{version}\nfrom refs/heads/main\n\n")
    subprocess.run(["git", "-C", path, "fast-import", "--quiet"],
                   input="".join(out).encode(), check=True)


def make_archive(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, (text, mode) in files.items():
            member = tarfile.TarInfo("top/" + name)
            member.size, member.mode = len(text), mode
            archive.addfile(member, io.BytesIO(text.encode()))


def found(path):
    """The same of a role in place; what no role has is there as None."""
    files = {}
    for top, dirs, names in os.walk(path):
        for name in names + [d for d in dirs
                             if os.path.islink(os.path.join(top, d))]:
            full = os.path.join(top, name)
            with open(full) as file:
                mode = os.lstat(full).st_mode
                files[os.path.relpath(full, path)] = (
                    file.read(), mode & 0o7777 if not os.path.islink(full)
                    else None)
    return files


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def send(pids, signo):
    for pid in pids:
        try:
            os.kill(pid, signo)
        except ProcessLookupError:
            pass


class World:
    def __init__(self, args):
        self.url, self.slow, self.repos = args.url, args.slow, args.repos
        self.random = random.Random(args.seed)
        self.trees = {}
        low = f"{{src: 'git+{self.url}/low.git', version: v1}}"
        for name, kind in {**ROLES, "low": "git"}.items():
            trees = {v: tree(name, v, low if name in NEEDS else "")
                     for v in VERSIONS}
            self.trees[name] = trees
            if kind in ("git", "file"):
                make_git(f"{self.repos}/{name}.git", trees)
                continue
            for version in VERSIONS:
                make_archive(f"{self.repos}/{name}-{version}.tar.gz",
                             trees[version])
        for version in VERSIONS:
            with open(f"{version}.yml", "w") as file:
                for name in ROLES:
                    file.write(f"- {self.spec(name, version)}\n")

    def spec(self, name, version):
        kind = ROLES[name]
        url = self.slow if name in SLOW else self.url
        where = {"git": f"git+{url}/{name}.git",
                 "file": f"git+file://{self.repos}/{name}.git",
                 "http": f"{url}/{name}-{version}.tar.gz",
                 "local": f"{self.repos}/{name}-{version}.tar.gz"}[kind]
        if kind in ("git", "file"):
            return f"{{src: '{where}', version: {version}}}"
        return f"{{src: '{where}', name: {name}}}"

    def begin(self, version, options, before=()):
        command = [*before, KELPIE, "install", "-r", f"{version}.yml", "-p",
                   "roles", *options]
        with open("out", "wb") as out, open("err", "wb") as err:
            return subprocess.Popen(command, stdout=out, stderr=err,
                                    stdin=subprocess.DEVNULL)

    def wanted(self, name, version):
        return self.trees[name]["v1" if name == "low" else version]

    def look(self, allowed):
        """Each role that is there has one of the versions that are allowed:
        name to version."""
        there = {}
        names = os.listdir("roles") if os.path.isdir("roles") else []
        for name in sorted(names):
            if name == ".kelpie":
                continue
            assert name in self.trees, f"roles/{name} is none of ours"
            files = found(f"roles/{name}")
            info = files.pop("meta/.galaxy_install_info", None)
            for version in allowed:
                if version and files == self.wanted(name, version):
                    there[name] = version
            assert name in there, f"roles/{name} is incomplete, or neither " \
                f"of {allowed}: {sorted(files)}"
            assert info, f"roles/{name} has no install info"
        return there

    def all_new(self, version):
        there = self.look([version])
        assert len(there) == len(self.trees), f"missing: {set(self.trees) - set(there)}"

    def no_litter(self):
        left = set(os.listdir("roles/.kelpie")) - KEPT
        assert not left, f"left in .kelpie: {left}"
        assert not os.listdir(os.environ["TMPDIR"]), "left in TMPDIR"

    def no_orphan(self):
        """We are the parent of all whose parent has gone."""
        begun = time.monotonic()
        while True:
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                return time.monotonic() - begun
            late = time.monotonic() - begun
            assert late < 2, f"still running: {children(os.getpid())}"
            time.sleep(0.002)

    def measure(self, fresh):
        """How long a run takes that nobody disturbs."""
        took = []
        for version in VERSIONS:
            if fresh:
                shutil.rmtree("roles", ignore_errors=True)
            begun = time.monotonic()
            status = self.begin(version, ["--sync", "no"]).wait()
            took.append(time.monotonic() - begun)
            assert status == 0, f"undisturbed: status {status}"
        return statistics.mean(took)


class Rounds:
    """All rounds of one mode."""

    def __init__(self, world, mode):
        self.world, self.mode = world, mode
        self.random = world.random
        self.duration = {fresh: world.measure(fresh)
                         for fresh in (True, False)}
        self.version = itertools.cycle(VERSIONS)
        self.count = dict.fromkeys(
            ("too late", "partly done", "litter", "orphans seen"), 0)
        self.longest = 0

    def wait(self, process, fresh):
        """Until the moment has come, or the run has ended."""
        if self.random.random() < 1 / 3:
            while process.poll() is None and not os.path.exists(
                    "roles/.kelpie/journal"):
                time.sleep(0.0002)
            time.sleep(self.random.uniform(0, 0.003))
        else:
            time.sleep(self.random.uniform(0, self.duration[fresh]))

    def at_a_call(self):
        """How to be killed there; nothing for the other modes."""
        if self.mode != "calls":
            return ()
        call = self.random.choice(list(CALLS))
        number = self.random.randint(1, CALLS[call])
        return ("strace", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                f"inject={call}:signal=KILL:when={number}")

    def disturb(self, process):
        """Returns the statuses that may come of it."""
        workers = children(process.pid)
        some = self.random.sample(workers, min(len(workers),
                                               self.random.randint(1, 3)))
        mode = self.mode
        if mode == "parent":
            process.kill()
            return -signal.SIGKILL,
        if mode == "workers":
            send(some, signal.SIGKILL)
            return 0, 1
        if mode == "group":
            pids = workers + [process.pid]
            self.random.shuffle(pids)
            send(pids, signal.SIGKILL)
            # One after the other: it may have ended for want of workers.
            return -signal.SIGKILL, 1
        if mode in ("term", "hup", "keys"):
            word = self.random.choice(("INT", "QUIT")) if mode == "keys" \
                else mode.upper()
            signo = signal.Signals["SIG" + word]
            process.send_signal(signo)
            return -signo,
        pids = self.random.choice(([process.pid], some,
                                   workers + [process.pid]))
        send(pids, signal.SIGSTOP)
        time.sleep(self.random.uniform(0, 0.1))
        send(pids, signal.SIGCONT)
        return 0,

    def judge(self, status, before, there, version):
        """What a run that was not killed itself says must be true."""
        missing = [name for name in self.world.trees
                   if there.get(name) != version and name != "low"]
        if status == 0:
            self.world.all_new(version)
        if self.mode != "workers":
            return
        with open("err") as file:
            said = file.read()
        told = [name for name in self.world.trees if f"{name}: FAILED: " in said]
        if told:
            assert set(missing) <= set(told), f"not told: {missing}, {told}"
        else:
            # One without a role in its hands, or the parent's other child.
            assert status == 0 or "was killed by signal" in said, said

    def one(self):
        world = self.world
        version = next(self.version)
        fresh = self.random.random() < 0.4
        if fresh:
            shutil.rmtree("roles", ignore_errors=True)
        if self.random.random() < 0.5:
            shutil.rmtree("home/.cache", ignore_errors=True)
        before = world.look(VERSIONS)
        options = self.random.choice(OPTIONS)
        process = world.begin(version, options, self.at_a_call())
        if self.mode == "calls":
            process.wait(timeout=60)
        else:
            self.wait(process, fresh)
        if process.poll() is None:
            self.duration[fresh] *= 1.04
            expected = self.disturb(process)
        elif process.returncode != 0:
            expected = -signal.SIGKILL if self.mode == "calls" else 0,
        else:
            expected = 0,
            self.count["too late"] += 1
            self.duration[fresh] *= 0.85
        # Signals are for us and not for a run that ended just then.
        status = process.wait(timeout=60)
        assert status in expected or status == 0, f"status {status}"
        late = world.no_orphan()
        self.count["orphans seen"] += late > 0.002
        self.longest = max(self.longest, late)
        there = world.look(VERSIONS if before else [version])
        lost = set(before) - set(there)
        assert not lost, f"lost: {lost}"
        self.judge(status, before, there, version)
        self.count["partly done"] += 0 < sum(
            v == version for n, v in there.items() if n != "low") < len(ROLES)
        litter = os.path.isdir("roles/.kelpie") and bool(
            set(os.listdir("roles/.kelpie")) - KEPT)
        assert not litter or status in (-signal.SIGKILL, -signal.SIGQUIT), \
            f"litter with status {status}"
        self.count["litter"] += litter
        status = world.begin(version, []).wait(timeout=60)
        assert status == 0, f"again: status {status}"
        world.all_new(version)
        world.no_litter()
        world.no_orphan()

    def run(self, rounds):
        begun = time.monotonic()
        for number in range(1, rounds + 1):
            try:
                self.one()
            except (AssertionError, OSError, subprocess.SubprocessError) as why:
                print(f"{self.mode}: round {number}: {why!r}")
                return False
        words = ", ".join(f"{n} {what}" for what, n in self.count.items())
        print(f"{self.mode}: {rounds} rounds, {words}, the last gone after "
              f"{self.longest:.3f} s, {time.monotonic() - begun:.1f} s")
        return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--slow", required=True)
    parser.add_argument("--repos", required=True)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int,
                        default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("modes", nargs="+", metavar="MODE")
    args = parser.parse_args()
    print(f"seed {args.seed}")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    world = World(args)
    sys.exit(0 if all([Rounds(world, mode).run(args.rounds)
                       for mode in args.modes]) else 1)


main()
