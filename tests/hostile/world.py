"""world.py - a place to run kelpie in, of which nothing else may change.

Around the roles directory lie canaries: every inode of them, of HOME, of
the working directory and of the sources has to be as it was after the run,
and a word that stands in them must turn up nowhere else.
"""
import fcntl
import hashlib
import os
import pty
import re
import resource
import select
import shutil
import signal
import stat
import struct
import subprocess
import termios
import threading

TOKEN = b"canary-5f1c0de5"
NOBODY = 65534
INFO = "meta/.galaxy_install_info"
SANITIZED = os.environ.get("KELPIE_SANITIZE", "") != ""
MOST_MB = 400 # of memory, for any one process
# What must reach neither a terminal nor a log: controls but the newline, C1,
# and what changes the order of letters.
RAW = re.compile("[\0-\x09\x0b-\x1f\x7f\x80-\x9f\u061c\u200b-\u200f\u202a-\u202e"
                 "\u2060-\u2069\ufeff\ufffd]")
# What the screen itself needs: colours, lines up, the rest of a line.
SCREEN = re.compile(r"\x1b\[[0-9;]*m|\x1b\[K|\x1b\[J|\x1b\[\d*A|\x1b\[\?25[hl]|\r")


def attributes(path):
    try:
        return tuple((n, os.getxattr(path, n, follow_symlinks=False))
                     for n in sorted(os.listxattr(path, follow_symlinks=False)))
    except OSError:
        return ()


def inode(path):
    s = os.lstat(path)
    content = b""
    if stat.S_ISREG(s.st_mode):
        with open(path, "rb") as f:
            content = hashlib.sha1(f.read()).hexdigest()
    elif stat.S_ISLNK(s.st_mode):
        content = os.readlink(path)
    return (s.st_ino, stat.filemode(s.st_mode), s.st_uid, s.st_gid, s.st_nlink, s.st_rdev,
            s.st_size, s.st_mtime_ns, s.st_ctime_ns, content, attributes(path))


def look(top, skip=()):
    """path -> inode, without what lies below the paths of skip."""
    found, todo = {}, [os.fsencode(top)]
    skip = {os.fsencode(s) for s in skip}
    while todo:
        path = todo.pop()
        if path in skip:
            # Its entries come and go.
            s = os.lstat(path)
            found[path] = s.st_ino, s.st_mode, s.st_uid, s.st_gid
            continue
        found[path] = inode(path)
        if found[path][1][0] == "d":
            todo += [os.path.join(path, n) for n in os.listdir(path)]
    return found


def differences(before, after):
    return ["%s: %s, now %s" % (p.decode("utf-8", "replace"), before.get(p), after.get(p))
            for p in sorted(before.keys() | after.keys()) if before.get(p) != after.get(p)]


def write(path, data, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)


def put_role(path, word):
    write(path + "/meta/main.yml", b"dependencies: []\n")
    write(path + "/tasks/main.yml", b"# " + word + b"\n")
    write(path + "/" + INFO, b"{install_date: 'Tue 14 Nov 2023 10:13:20 PM ', version: %s}\n" % word)


def own(top, uid):
    for path, dirs, files in os.walk(os.fsencode(top)):
        for name in [b"."] + dirs + files:
            os.chown(os.path.join(path, name), uid, uid, follow_symlinks=False)


class World:
    """top/outside and whatever else is a canary; top/roles, top/cache."""

    def __init__(self, top, sources=(), uid=None):
        self.top, self.sources, self.uid = top, list(sources), uid
        shutil.rmtree(top, ignore_errors=True)
        for name in ("home/.config", "cwd", "tmp", "cache/kelpie", "roles"):
            os.makedirs(os.path.join(top, name))
        os.chmod(top + "/cache/kelpie", 0o700)
        for name in ("victim", "config", "escape-not", "d1/d2/x"):
            write(top + "/outside/" + name, TOKEN + b"\n")
        os.symlink("victim", top + "/outside/link")
        os.link(top + "/outside/victim", top + "/outside/hard")
        write(top + "/outside/run", TOKEN, 0o6755)
        os.mkfifo(top + "/outside/pipe")
        write(top + "/home/.netrc", b"machine other.example login u password " + TOKEN, 0o600)
        write(top + "/home/.ssh/id", TOKEN, 0o600)
        write(top + "/cwd/main.yml", TOKEN)
        try:
            os.setxattr(top + "/outside/victim", "user.canary", TOKEN)
        except OSError:
            pass
        put_role(top + "/roles/neighbour", TOKEN)
        self.roles = top + "/roles"

    def settle(self):
        """All is in place: give it to whoever runs, and look."""
        if self.uid is not None:
            for path in [self.top] + self.sources:
                own(path, self.uid)
            # Not even the owner's to change, and so seen if root did.
            os.chown(self.top + "/outside/config", 0, 0)
        self.before = self.look()

    def look(self):
        found = look(self.top, (self.roles, self.top + "/cache/kelpie"))
        for path in self.sources:
            found.update(look(path))
        for name in os.listdir(self.roles):
            if name != ".kelpie":
                found.update(look(os.path.join(self.roles, name)))
        return found

    def touched(self, names):
        """What has changed but for the roles of these names."""
        after = self.look()
        prefix, names = os.fsencode(self.roles) + b"/", {os.fsencode(n) for n in names}
        for found in (self.before, after):
            for path in [p for p in found if p.startswith(prefix) and
                         p[len(prefix):].split(b"/")[0] in names]:
                del found[path]
        return differences(self.before, after)

    def after(self, outputs, status, taken):
        """What is wrong after a run that took these names and refused more."""
        wrong = [p for p in (bad_output(text) for text in outputs) if p]
        if status != 1:
            wrong.append("status %d" % status)
        wrong += ["touched: " + line for line in self.touched(taken)[:10]]
        for name in ("stage", "trash"):
            path = "%s/.kelpie/%s" % (self.roles, name)
            if os.path.isdir(path) and os.listdir(path):
                wrong.append("left in %s: %s" % (path, os.listdir(path)))
        return wrong

    # ---- running ----

    def command(self, *args):
        as_user = [] if self.uid is None else [
            "setpriv", "--reuid", str(self.uid), "--regid", str(self.uid), "--clear-groups"]
        return as_user + [os.environ["KELPIE"], *args]

    def environment(self, more):
        env = dict(os.environ, HOME=self.top + "/home", XDG_CACHE_HOME=self.top + "/cache",
                   TMPDIR=self.top + "/tmp", **more)
        # Where there is not so much memory, malloc() says so.
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":allocator_may_return_null=1"
        return env

    def run(self, *args, seconds=300, **env):
        """(status, out, err, megabytes); a status below 0 is a signal."""
        files = [open(self.top + ".out", "w+b"), open(self.top + ".err", "w+b")]
        process = subprocess.Popen(
            self.command(*args), cwd=self.top + "/cwd", env=self.environment(env),
            stdin=subprocess.DEVNULL, stdout=files[0], stderr=files[1], preexec_fn=bounds)
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        texts = []
        for f in files:
            f.seek(0)
            texts.append(f.read())
            f.close()
        return process.returncode, texts[0], texts[1], usage.ru_maxrss // 1024

    def run_on_terminal(self, *args, seconds=300, **env):
        """(status, what was written to it)"""
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.top + "/cwd")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 160, 0, 0))
            command = self.command(*args)
            os.execvpe(command[0], command, self.environment({"TERM": "xterm", **env}))
        seen = b""
        timer = threading.Timer(seconds, os.kill, (pid, signal.SIGKILL))
        timer.start()
        while True:
            select.select([fd], [], [])
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        timer.cancel()
        os.close(fd)
        return status, seen


def bounds():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


# ---- what has to hold ----

def failures(err):
    """name -> the reason, of the lines that tell of it."""
    text = err.decode("utf-8", "replace")
    return dict(re.findall(r"^(\S+): FAILED: (.*)$", text, re.M))


def bad_output(data, terminal=False):
    """What is wrong with what was printed, in words, or ""."""
    if TOKEN in data:
        return "a canary's word was printed"
    text = data.decode("utf-8", "replace")
    if terminal:
        text = SCREEN.sub("", text)
    found = RAW.search(text)
    return found and "printed raw: %r" % text[max(0, found.start() - 60):found.end() + 20] or ""


def bad_role(path, uid):
    """What is wrong with a role in place, whatever it came from, or ""."""
    top = os.fsencode(path)
    todo = [top]
    while todo:
        at = todo.pop()
        s, shown = os.lstat(at), at[len(top):].decode("utf-8", "replace")
        if s.st_uid != uid:
            return "%s belongs to %d" % (shown, s.st_uid)
        if attributes(at):
            return "%s has attributes" % shown
        if at != top and bad_name(os.path.basename(at)):
            return "%r is a bad name" % shown
        if stat.S_ISLNK(s.st_mode):
            if leads_out(top, at):
                return "%s leads out" % shown
        elif stat.S_ISDIR(s.st_mode):
            if stat.S_IMODE(s.st_mode) != 0o755:
                return "%s has mode %o" % (shown, s.st_mode)
            todo += [os.path.join(at, n) for n in os.listdir(at)]
        elif not stat.S_ISREG(s.st_mode):
            return "%s is no file" % shown
        elif stat.S_IMODE(s.st_mode) not in (0o644, 0o755) or s.st_nlink != 1:
            return "%s has mode %o and %d names" % (shown, s.st_mode, s.st_nlink)
        else:
            with open(at, "rb") as f:
                if TOKEN in f.read():
                    return "%s has a canary's word" % shown
    for name in ("meta/main.yml", "meta/main.yaml"):
        if os.path.exists(os.path.join(path, name)):
            return ""
    return "there is no meta/main.yml"


def bad_name(name):
    return name.lower() == b".git" or any(c < 32 or c == 127 for c in name)


def leads_out(top, link):
    """Lexically, and as the kernel would go."""
    target = os.readlink(link)
    parts = [p for p in target.split(b"/") if p not in (b"", b".")]
    ups = len([p for p in parts if p == b".."])
    depth = link[len(top):].count(b"/") - 1
    if target.startswith(b"/") or b".." in parts[ups:] or ups > depth:
        return True
    real = os.path.realpath(link)
    return real != os.path.realpath(top) and not real.startswith(os.path.realpath(top) + b"/")
