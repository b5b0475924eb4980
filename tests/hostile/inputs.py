"""inputs.py - what names.py, sources.py and files.py share.

A Bench is a world (world.py) with some good roles in it, and servers that
may ask for; each run of kelpie in it is looked at: no inode around the roles
directory has changed, nothing raw was printed, no canary's word, and the
one secret that its sources have stands nowhere.
"""
import json
import os
import re
import subprocess
import sys

import world

SECRET = b"s3cr3t-5f1c0de5"
PWNED = "pwned"
# What no build does otherwise than another runs once.
SHORT = "1" in os.environ.get("KELPIE_PORTABLE", "") or bool(os.environ.get("KELPIE_SANITIZE"))


def q(text):
    """A YAML scalar for text, in double quotes."""
    def one(c):
        if c in '"\\':
            return "\\" + c
        if " " <= c <= "~":
            return c
        n = ord(c)
        return "\\x%02x" % n if n < 256 else "\\u%04x" % n if n < 65536 else "\\U%08x" % n
    return '"' + "".join(map(one, text)) + '"'


class Elsewhere(world.World):
    """With an environment of which all can be given."""

    def environment(self, more):
        return {**super().environment({}), **more}


class Bench(Elsewhere):
    """T is the directory of the test, with repos/ and its server's URL."""

    def __init__(self, t, url):
        self.t, self.url, self.repos = t, url, t + "/repos"
        self.wrong, self.cases, self.runs = [], {}, 0
        super().__init__(t + "/world")
        self.good = "git+%s/good.git" % url
        self.settle()

    # ---- making ----

    def repository(self, name, files):
        """repos/NAME.git with these files, text or bytes; a branch main, a
        tag v1."""
        path = "%s/%s.git" % (self.repos, name)
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path], check=True)
        stream = b"commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nx\n"
        for file, data in files.items():
            data = data if isinstance(data, bytes) else data.encode()
            stream += b"M 644 inline %s\ndata %d\n%s\n" % (file.encode(), len(data), data)
        stream += b"\nreset refs/tags/v1\nfrom refs/heads/main\n\n"
        subprocess.run(["git", "-C", path, "fast-import", "--quiet", "--force"], input=stream,
                       check=True)
        return "git+%s/%s.git" % (self.url, name)

    def role(self, name, dependencies="[]", **files):
        """A role whose meta/main.yml asks for these."""
        return self.repository(name, {
            "meta/main.yml": "dependencies: %s\n" % dependencies,
            "tasks/main.yml": "- debug: {msg: %s}\n" % name, **files})

    def file(self, name, data):
        """A file in the working directory."""
        path = "%s/cwd/%s" % (self.top, name)
        world.write(path, data if isinstance(data, bytes) else data.encode())
        return name

    # ---- running ----

    def say(self, what):
        self.wrong.append(what)

    def count(self, h, way, n=1):
        """So many cases of this number came this way."""
        self.cases[h, way] = self.cases.get((h, way), 0) + n

    def kelpie(self, what, *args, status, nothing=False, taken=(), **env):
        """Run it and look around; nothing: the roles directory stays as it
        was.  Returns what it wrote on both streams, as text."""
        self.before = self.look()
        self.runs += 1
        env = {"KELPIE_RETRIES": "0", **env}
        got, out, err, _ = self.run(*args, seconds=60, **env)
        both = out + err
        status = status if isinstance(status, tuple) else (status,)
        if got not in status:
            self.say("%s: status %d, not %s: %s" % (what, got, status, both.decode(
                "utf-8", "replace")[-600:]))
        problem = world.bad_output(both)
        if problem:
            self.say("%s: %s" % (what, problem))
        if SECRET in both:
            self.say("%s: the secret was printed" % what)
        for line in self.touched([] if nothing else taken)[:5]:
            self.say("%s: touched: %s" % (what, line))
        for place in (self.top, self.t):
            for dirs in ("", "/cwd", "/repos", "/home", "/tmp"):
                if os.path.lexists(place + dirs + "/" + PWNED):
                    self.say("%s: a command ran" % what)
                    os.unlink(place + dirs + "/" + PWNED)
        for dirs in ("stage", "trash"):
            path = "%s/.kelpie/%s" % (self.roles, dirs)
            if os.path.isdir(path) and not os.path.islink(path) and os.listdir(path):
                self.say("%s: left in %s" % (what, dirs))
        return both.decode("utf-8", "replace")

    def install(self, what, data, *args, status=1, nothing=True, taken=(), **env):
        """With this as the requirements file."""
        self.file("r.yml", data)
        return self.kelpie(what, "install", "-r", "r.yml", "-p", self.roles, *args,
                           status=status, nothing=nothing, taken=taken, **env)

    def is_there(self, name):
        return os.path.lexists(os.path.join(self.roles, name))

    def expect(self, what, text, *patterns):
        for pattern in patterns:
            if not re.search(pattern, text, re.M):
                self.say("%s: no '%s' in: %s" % (what, pattern, text[-900:]))

    def faults(self, what, text, lines):
        """Each of these lines of r.yml was told, and no other."""
        told = {int(n) for n in re.findall(r"^kelpie: r\.yml:(\d+):\d+: ", text, re.M)}
        if told != set(lines):
            self.say("%s: told of lines %s, not of %s: %s" % (
                what, sorted(told), sorted(lines), text[-900:]))

    def empty(self):
        """No role but the canary."""
        subprocess.run(["rm", "-rf", self.roles], check=True)
        os.mkdir(self.roles)
        world.put_role(self.roles + "/neighbour", world.TOKEN)

    def no_secret_below(self, what, *tops):
        for top in tops:
            for path, _, files in os.walk(top):
                for name in files:
                    with open(os.path.join(path, name), "rb") as f:
                        if SECRET in f.read():
                            self.say("%s: the secret stands in %s/%s" % (what, path, name))

    def end(self):
        numbers = sorted({h for h, _ in self.cases})
        ways = sorted({way for _, way in self.cases})
        print("%d cases of %d numbers (%s) by %d ways (%s), %d runs" % (
            sum(self.cases.values()), len(numbers), " ".join(numbers), len(ways),
            ", ".join(ways), self.runs))
        for line in self.wrong[:40]:
            print("FAIL: " + line)
        sys.exit(1 if self.wrong else 0)


def galaxy(roles):
    """What tests/server/galaxy.py is to know: name -> what it says of it."""
    return json.dumps({"roles": {name: {"id": i + 1, **role}
                                 for i, (name, role) in enumerate(roles.items())}})
