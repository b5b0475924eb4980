"""sides.py - one program at work on one case, and what came of it.

A side is a directory of its own with home, tmp and work; nothing of the
user's configuration reaches the program.  What does not hold raises Differs
with a word for the report.
"""
import hashlib
import os
import re
import signal
import stat
import subprocess
import threading
import time

PATIENCE = 90
STARTS = re.compile(r"\[WARNING\]: | ?\[ERROR\]: |ERROR! |\[DEPRECATION")
KEEP = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS",
        "LSAN_OPTIONS", "KELPIE_TEST_RUN", "GCOV_PREFIX")

running = {}
running_lock = threading.Lock()
stopping = threading.Event()


class Differs(Exception):
    """Something is not as the case says."""


def end_all():
    """End what was started, each by its own process group, and start
    nothing more."""
    stopping.set()
    with running_lock:
        for process in running.values():
            end(process)


def end(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def clean_environment(home, tmp):
    environment = {name: os.environ[name] for name in KEEP
                   if name in os.environ}
    environment.update(
        HOME=home, TMPDIR=tmp, LC_ALL="C.UTF-8", TZ="UTC", TERM="dumb",
        GIT_CONFIG_NOSYSTEM="1", PYTHONDONTWRITEBYTECODE="1",
        GIT_TERMINAL_PROMPT="0", ANSIBLE_NOCOLOR="1",
        ANSIBLE_LOCALHOST_WARNING="False", KELPIE_RETRIES="0",
        ANSIBLE_GALAXY_SERVER="http://127.0.0.1:9/")
    return environment


class Result:
    """What a program said and how it ended."""

    def __init__(self, status, out, err, requests, top):
        self.status, self.out, self.err = status, out, err
        self.requests, self.top = requests, top

    def entries(self, glue=" "):
        """The messages on standard error; lines that were wrapped are one
        again.  Nothing says whether they were wrapped at a blank."""
        entries = []
        for line in self.err.split("\n"):
            if STARTS.match(line) or not entries:
                entries.append(line.strip())
            else:
                entries[-1] += glue + line
        return [entry.strip() for entry in entries if entry.strip()]

    def text(self):
        return "\n".join([self.out, self.err] + self.entries() +
                         self.entries(""))

    def exits(self, *statuses):
        if self.status not in statuses:
            raise Differs("status %s, not %s%s" % (
                self.status, " or ".join(map(str, statuses)), self.tail()))
        return self

    def tail(self):
        words = " ".join(self.entries()[-3:] or self.out.split("\n")[-4:])
        return ": " + words[-300:] if words.strip() else ""

    def says(self, *patterns):
        for pattern in patterns:
            if not re.search(pattern, self.text(), re.M):
                raise Differs("does not say %r%s" % (pattern, self.tail()))
        return self

    def says_not(self, *patterns):
        for pattern in patterns:
            found = re.search(pattern, self.text(), re.M)
            if found:
                raise Differs("says %r" % found.group(0))
        return self

    def asked(self, pattern):
        """How many requests were like this."""
        return sum(1 for line in self.requests if re.search(pattern, line))


class Side:
    """who: galaxy, kelpie, or name, which is kelpie called
    ansible-galaxy."""

    def __init__(self, who, top, command, fixtures, variant=None):
        self.who, self.top, self.command = who, top, command
        self.fixtures, self.variant = fixtures, variant
        self.home, self.tmp, self.work = (
            os.path.join(top, name) for name in ("home", "tmp", "work"))
        for path in (self.home, self.tmp, self.work):
            os.makedirs(path)
        self.environment = clean_environment(self.home, self.tmp)
        empty = os.path.join(self.home, "empty.cfg")
        with open(empty, "w"):
            self.environment["ANSIBLE_CONFIG"] = empty
        self.environment.update(fixtures.side_environment)
        self.cwd = self.work
        self.started = time.time()
        self.results = []

    is_kelpie = property(lambda self: self.who != "galaxy")

    # ---- what is there before ----

    def path(self, name):
        return os.path.join(self.work, name)

    def fill(self, text):
        """@repos@, @files@, @url@ and the like become what they are."""
        values = dict(self.fixtures.bindings, work=self.work,
                      home=self.home)
        return re.sub(r"@(\w+)@", lambda found: values[found.group(1)], text)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(text, str):
            text = self.fill(text).encode()
        with open(path, "wb") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def tree_of(self, name, files):
        for path, text in files.items():
            self.write(os.path.join(name, path), text)

    # ---- running ----

    def run(self, *words, until=None, kill_at=None, **changes):
        """Run the program with these words.  With until, a pattern, it is
        ended as soon as that was seen in what it prints; with kill_at,
        when something lies in that directory."""
        if self.fixtures.web:
            self.fixtures.web.begin()
        environment = dict(self.environment, **changes)
        with running_lock:
            if stopping.is_set():
                raise Differs("interrupted")
            process = subprocess.Popen(
                [self.command, *map(self.fill, words)], cwd=self.cwd,
                env={name: self.fill(value)
                     for name, value in environment.items()
                     if value is not None},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
                umask=0o022)
            running[process.pid] = process
        try:
            if kill_at:
                self.kill_at(process, self.path(kill_at))
            out, err = self.collect(process, until)
        finally:
            end(process)
            process.wait()
            with running_lock:
                del running[process.pid]
        if process.returncode < 0 and not until and not kill_at:
            raise Differs("%s died of signal %d" % (
                os.path.basename(self.command), -process.returncode))
        result = Result(process.returncode, self.plain(out),
                        self.plain(err),
                        self.fixtures.web.requests[:]
                        if self.fixtures.web else [], self.top)
        self.results.append(result)
        return result

    @staticmethod
    def kill_at(process, path):
        while process.poll() is None:
            if os.path.isdir(path) and os.listdir(path):
                end(process)
                return
            time.sleep(0.002)

    @staticmethod
    def collect(process, until):
        if until is None:
            try:
                return process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                raise Differs("still runs after %d seconds" % PATIENCE)
        watch = threading.Timer(PATIENCE, end, (process,))
        watch.start()
        out = b""
        for line in process.stdout:
            out += line
            if re.search(until, out.decode(errors="replace")):
                break
        watch.cancel()
        end(process)
        return out, process.stderr.read()

    def plain(self, data):
        """Text in which this side's directories have no names of their
        own."""
        text = data.decode(errors="replace")
        return text.replace(self.top, "@T@").replace(
            os.path.dirname(self.top), "@C@")

    def verb(self, *words, **changes):
        """A verb of roles, as this program has it."""
        if self.who != "kelpie":
            words = ("role", *words)
        return self.run(*words, **changes)

    def install(self, text=None, *words, **changes):
        """Install; the requirements file is r.yml if there is a text, and
        roles go to roles if nothing else is said."""
        if text is not None:
            self.write("r.yml", text)
            words = ("-r", "r.yml", *words)
        if "-p" not in words:
            words += ("-p", "roles")
        return self.verb("install", *words, **changes)

    # ---- what is there afterwards ----

    def roles(self, top="roles"):
        try:
            return sorted(name for name in os.listdir(self.path(top))
                          if not name.startswith(".kelpie"))
        except FileNotFoundError:
            return []

    def has(self, *names, top="roles"):
        """These roles and no others."""
        if self.roles(top) != sorted(names):
            raise Differs("%s has %s, not %s" % (
                top, " ".join(self.roles(top)) or "nothing",
                " ".join(names) or "nothing"))
        return self

    def read(self, name):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except OSError as error:
            raise Differs("%s: %s" % (name, error.strerror))

    def holds(self, role, version, says=None, top="roles"):
        """The role is of that version."""
        name = says or os.path.basename(role)
        text = self.read("%s/%s/tasks/main.yml" % (top, role)).decode()
        if "{msg: %s %s}" % (name, version) not in text:
            raise Differs("%s is not %s %s: %s" % (
                role, name, version, text.strip().split("\n")[-1]))
        return self

    def version(self, role, top="roles"):
        """The version of the install info as it stands there."""
        text = self.read("%s/%s/meta/.galaxy_install_info" % (top, role))
        found = re.search(r"^version: ?(.*)$", text.decode(), re.M)
        return found.group(1).strip() if found else None

    def info(self, role, version, top="roles"):
        got = self.version(role, top)
        if got != version:
            raise Differs("install info of %s says version %s, not %s" % (
                role, got, version))
        return self

    def there(self, *names):
        for name in names:
            if not os.path.lexists(self.path(name)):
                raise Differs("%s is not there" % name)
        return self

    def absent(self, *names):
        for name in names:
            if os.path.lexists(self.path(name)):
                raise Differs("%s is there" % name)
        return self

    def contains(self, name, text):
        if self.read(name) != text.encode():
            raise Differs("%s contains %r" % (name, self.read(name)))
        return self

    def links(self, name, target):
        path = self.path(name)
        if not os.path.islink(path) or os.readlink(path) != target:
            raise Differs("%s is no link to %s" % (name, target))
        return self

    def mode(self, name):
        return stat.S_IMODE(os.lstat(self.path(name)).st_mode)

    def tree(self, top="roles"):
        """{path: what it is} for all but directories and what installers
        write for themselves."""
        found = {}
        top = self.path(top)
        for where, names, files in os.walk(top):
            if where == top and ".kelpie" in names:
                names.remove(".kelpie")
            for name in files + [name for name in names if
                                 os.path.islink(os.path.join(where, name))]:
                path = os.path.join(where, name)
                if not path.endswith("/meta/.galaxy_install_info"):
                    found[os.path.relpath(path, top)] = describe(path)
        return found

    def only(self, *names, role="nm"):
        """The role has these files and no others."""
        got = sorted(self.tree("roles/" + role))
        if got != sorted(names):
            raise Differs("%s has %s" % (role, " ".join(got)))
        return self

    def litter(self):
        """What kelpie should not have left: in its temporary directory, of
        its stages, or beside the directories of this side."""
        left = os.listdir(self.tmp)
        for place in ("stage", "journal"):
            path = self.path("roles/.kelpie/" + place)
            if os.path.isdir(path):
                left += os.listdir(path)
            elif os.path.exists(path) and os.path.getsize(path):
                left.append(path)
        left += set(os.listdir(self.top)) - {"home", "tmp", "work"}
        return left


def describe(path):
    st = os.lstat(path)
    if stat.S_ISLNK(st.st_mode):
        return "link to " + os.readlink(path)
    if not stat.S_ISREG(st.st_mode):
        return "type %o" % stat.S_IFMT(st.st_mode)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:12]
    return "%s %d %s" % ("x" if st.st_mode & 0o100 else "-", st.st_size,
                         digest)
