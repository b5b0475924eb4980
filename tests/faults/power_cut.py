#!/usr/bin/env python3
"""power_cut.py KELPIE DIRECTORY ROUNDS

Each lane is a file system in a file, with kelpie installing into it.  A cut
is FS_IOC_SHUTDOWN without flushing the log: what is not on the disk then is
gone.  Fresh directories, updates and updates of roles in the lower layer of an
overlay take turns; so do cuts while kelpie runs and cuts some seconds after it
told that all is installed.  In a lower layer, and only there, a role may be
marked as one that the next run replaces.
"""
import collections
import fcntl
import os
import queue
import random
import signal
import struct
import subprocess
import sys
import threading
import time

KELPIE, TOP, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])
CUTS = min(40, 2 * ROUNDS)  # of each file system, of each kind
LANES = 4  # of each file system
ROLES = ["role%d" % n for n in range(24)]
FILES = 6
VERSIONS = ("v1", "v2")
SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2  # _IOR('X', 125, __u32)


def content(role, version):
    tree = {"meta/main.yml": "dependencies: []\n",
            "tasks/main.yml": "- debug: {msg: %s %s}\n" % (role, version)}
    for n in range(FILES):
        line = "%s %s %d\n" % (role, version, n)
        tree["files/%d/%d" % (n % 3, n)] = line * (1 + 80 * n)
    return tree


TREES = {(r, v): content(r, v) for r in ROLES for v in VERSIONS}


def repository(role):
    path = "%s/repos/%s" % (TOP, role)
    subprocess.run(["git", "init", "-q", "--bare", path], check=True)
    text = ""
    for version in VERSIONS:
        text += ("commit refs/heads/main\n"
                 "committer A Tester <tester@example.org> 1700000000 +0000\n"
                 "data 0\n")
        for name, data in TREES[role, version].items():
            text += "M 644 inline %s\ndata %d\n%s\n" % (name, len(data), data)
        text += "reset refs/tags/%s\nfrom refs/heads/main\n\n" % version
    subprocess.run(["git", "-C", path, "fast-import", "--quiet"],
                   input=text.encode(), check=True)


def version_of(path, role):
    """v1, v2, None if it is not there, "marked" or "torn"."""
    if not os.path.lexists(path):
        return None
    got = {}
    for top, _, files in os.walk(path):
        for name in files:
            full = os.path.join(top, name)
            with open(full, errors="replace") as f:
                got[os.path.relpath(full, path)] = f.read()
    info = got.pop("meta/.galaxy_install_info", "")
    for version in VERSIONS:
        if got == TREES[role, version] and "version: " + version in info:
            return version
    left = os.listdir(path)
    if not left or any(name.startswith(".kelpie-") for name in left):
        return "marked"
    return "torn"


class Lane(threading.Thread):
    def __init__(self, kind, number):
        super().__init__(daemon=True)
        self.kind, self.seed = kind, "%s%d" % (kind, number)
        self.random = random.Random(self.seed)
        self.image = "%s/%s.img" % (TOP, self.seed)
        self.at = "%s/%s" % (TOP, self.seed)
        self.over = self.at + ".overlay"
        self.error = None
        os.mkdir(self.at)
        os.mkdir(self.over)
        with open(self.image, "wb") as f:
            f.truncate(320 << 20)
        subprocess.run(["mkfs." + kind, "-q", self.image], check=True,
                       stdout=subprocess.DEVNULL)
        self.serial = 0
        self.took = 1.0  # seconds, of the last run
        self.old = None  # what the directory that is updated has

    def mount(self):
        return subprocess.run(["mount", "-o", "loop", self.image, self.at],
                              stderr=subprocess.DEVNULL).returncode == 0

    def mount_over(self):
        layers = ["%s/%s%d" % (self.at, name, self.serial)
                  for name in ("upper", "work")]
        for layer in layers:
            os.makedirs(layer, exist_ok=True)
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        "lowerdir=%s/lower,upperdir=%s,workdir=%s" % (
                            TOP, *layers), self.over], check=True)

    def umount(self, path):
        for _ in range(100):
            if subprocess.run(["umount", path],
                              stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("%s cannot be unmounted" % path)

    def cut(self):
        fd = os.open(self.at, os.O_RDONLY)
        fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", NOLOGFLUSH))
        os.close(fd)

    def power_on(self):
        self.umount(self.at)
        if not self.mount():
            raise RuntimeError("%s cannot be mounted again" % self.seed)

    def start(self, *args):
        if not args:  # the thread
            return super().start()
        return subprocess.Popen((KELPIE,) + args, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL,
                                start_new_session=True)

    def install(self, roles, version, *more):
        return self.start("install", "-r", "%s/%s.yml" % (TOP, version), "-p",
                          roles, "--no-cache", *more)

    def run(self):
        try:
            while True:
                self.round(*todo[self.kind].get_nowait())
        except queue.Empty:
            pass
        except Exception as e:
            self.error = e

    def heard(self, child, told, version, until):
        """Read what it tells, until its end (True) or a time."""
        os.set_blocking(child.stdout.fileno(), False)
        while True:
            for line in (child.stdout.read() or b"").decode().splitlines():
                role, _, rest = line.partition(": ")
                if rest.startswith(("installed " + version, "updated ")):
                    told[role] = version
            if child.poll() is not None and not child.stdout.peek():
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(0.002)

    def round(self, kind, late):
        """One cut: at some time of the installing, or late, after it."""
        if not self.mount():
            raise RuntimeError("%s cannot be mounted" % self.seed)
        # More than half of a run goes by before anything is put into place.
        end = time.monotonic() + (
            60 if late else self.took * self.random.uniform(0.3, 2.2))
        version, old, told = "v1", None, {}
        if kind == "layer" or (kind == "update" and self.old == "v1"):
            version = "v2"
        if kind == "layer":
            old = "v1"
        elif kind == "update":
            old = self.old
        while True:
            self.serial += kind != "update"
            roles = "%s/%s%d" % (self.at, kind,
                                 self.serial if kind == "fresh" else 0)
            if kind == "layer":
                roles = self.over + "/roles"
                self.mount_over()
            began = time.monotonic()
            child = self.install(roles, version)
            if not self.heard(child, told, version, end):
                break
            if child.returncode != 0:
                raise RuntimeError("kelpie ended with %d" % child.returncode)
            self.took = time.monotonic() - began
            if late:
                time.sleep(self.random.uniform(0, 8))
                break
            told = {}
            if kind == "update":
                old, version = version, "v1" if version == "v2" else "v2"
            elif kind == "layer":
                self.umount(self.over)
        self.cut()
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        child.stdout.close()
        if kind == "layer":
            self.umount(self.over)
        self.power_on()
        if kind == "layer":
            self.mount_over()
        self.check(kind, roles, told, version, old)
        if kind == "layer":
            self.umount(self.over)
        elif kind == "update":
            self.old = version
        self.umount(self.at)

    def check(self, kind, roles, told, version, old):
        seen = collections.Counter()
        for role in ROLES:
            got = version_of("%s/%s" % (roles, role), role)
            seen[got if got in ("torn", "marked") else
                 "new" if got == version else "old"] += 1
            if kind == "layer" and got == "marked" and role not in told:
                continue
            if got != version and (role in told or got != old):
                faults.append("%s %s: %s is %s, not %s%s" % (
                    self.seed, kind, role, got, version,
                    ", as was told" if role in told else " or %s" % old))
        with lock:
            for word, n in seen.items():
                results[self.kind, kind, word] += n
            results[self.kind, kind, "mixed"] += len(seen) > 1
            results[self.kind, kind, "told"] += len(told)
        listed = subprocess.run([KELPIE, "list", "-p", roles],
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, check=False)
        if os.path.isdir(roles) and listed.returncode != 0:
            faults.append("%s: list: %s" % (self.seed, listed.stderr))
        child = self.install(roles, version)
        out = child.communicate()[0]
        if child.returncode != 0:
            faults.append("%s: not healed: %s" % (self.seed, out))
        for role in ROLES:
            if version_of("%s/%s" % (roles, role), role) != version:
                faults.append("%s: %s is not healed" % (self.seed, role))
        left = [n for n in ("stage", "trash", "journal")
                if os.path.exists("%s/.kelpie/%s" % (roles, n))]
        if left:
            faults.append("%s: left: %s" % (self.seed, left))
        with lock:
            cuts[self.kind, kind] += 1

    def torn_without_sync(self):
        """How many roles are torn if nothing is synced before the rename."""
        torn = tried = 0
        if not self.mount():
            return 0, 0
        for wait in (0, 6, 0, 0, 0, 0):
            if tried >= 2 * len(ROLES) and torn:
                break
            # Somebody else's sync(2) is one of this file system, too.
            roles = "%s/nosync%d" % (self.at, tried)
            child = self.install(roles, "v1", "--sync=no")
            child.communicate()
            time.sleep(wait)
            self.cut()
            self.power_on()
            torn += sum(version_of("%s/%s" % (roles, r), r) == "torn"
                        for r in ROLES)
            tried += len(ROLES)
        subprocess.run(["umount", self.at], check=True)
        return torn, tried


todo = {"ext4": queue.Queue(), "xfs": queue.Queue()}
lock = threading.Lock()
results, cuts = collections.Counter(), collections.Counter()
faults = []

os.mkdir(TOP + "/repos")
for name in ROLES:
    repository(name)
for v in VERSIONS:
    with open("%s/%s.yml" % (TOP, v), "w") as f:
        for name in ROLES:
            f.write("- {src: 'git+file://%s/repos/%s', version: %s}\n"
                    % (TOP, name, v))
subprocess.run([KELPIE, "install", "--no-cache", "-r", TOP + "/v1.yml", "-p",
                TOP + "/lower/roles"], check=True, stdout=subprocess.DEVNULL)
checks = [Lane(kind, 0) for kind in todo]
for lane in checks:
    if not lane.mount():
        sys.exit(77)
    try:
        lane.cut()
    except OSError:
        subprocess.run(["umount", lane.at], check=False)
        sys.exit(77)
    subprocess.run(["umount", lane.at], check=True)
for q in todo.values():
    for i in range(CUTS):
        q.put(("fresh", i % 3 == 0))
        q.put(("update", i % 3 == 0))
        if i % 2 == 0:
            q.put(("layer", i % 6 == 0))
lanes = [Lane(kind, n) for kind in todo for n in range(1, LANES + 1)]
for lane in lanes:
    lane.start()
unsynced = {lane.kind: lane.torn_without_sync() for lane in checks}
for lane in lanes:
    lane.join()
    if lane.error:
        faults.append("%s: %r" % (lane.seed, lane.error))
for key, n in sorted(cuts.items()):
    print("%s %s: %d cuts, %d in the middle; roles: %d new, %d old, %d marked, "
          "%d torn; %d told" % (*key, n, *(results[(*key, word)] for word in (
              "mixed", "new", "old", "marked", "torn", "told"))))
for kind, (n, of) in unsynced.items():
    print("%s without the sync: %d of %d roles torn" % (kind, n, of))
    if n == 0:
        faults.append(kind + ": nothing is torn without the sync, so nothing is shown")
print("\n".join(faults[:20]))
sys.exit(1 if faults else 0)
