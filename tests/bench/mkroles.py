#!/usr/bin/env python3
"""mkroles.py -n N DIR - N role repositories like those that people publish.

Bare and packed, as DIR/NAME.git; 20 to 60 text files, a history of some
dozen to some hundred commits with tags, and every twelfth with a few
megabytes of binary history.  The same N gives the same commits.  Prints one
line "NAME TAG" for each; TAG is not the newest commit.
"""
import argparse
import os
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor

WORDS = """service config package install enable state present restart notify
handler template owner group mode path file user version default port listen
address log level rotate size timeout retry delay register result changed when
loop include vars system release family repo key checksum archive remote local
backup validate command creates become cache update memory limit worker pool
buffer queue client server upstream proxy header cert cipher protocol domain
zone network subnet gateway rule policy monitor metric target interval storage
retention cluster node replica shard index""".split()
ALWAYS = ["README.md", "LICENSE", ".gitignore", ".yamllint", "meta/main.yml", "defaults/main.yml",
          "tasks/main.yml", "handlers/main.yml", "molecule/default/molecule.yml",
          "molecule/default/converge.yml"]
OFTEN = (["vars/%s.yml" % s for s in ("Debian", "RedHat", "Ubuntu", "Suse", "Archlinux")] +
         ["tasks/%s.yml" % w for w in WORDS[:24]] + ["templates/%s.j2" % w for w in WORDS[24:48]] +
         ["files/%s.sh" % w for w in WORDS[48:60]])


class Role:
    def __init__(self, number):
        self.r = random.Random("role %d" % number)
        self.name = "%s_%02d" % (WORDS[number % len(WORDS)], number)
        self.large = number % 12 == 7
        self.commits = min(600, max(12, int(self.r.lognormvariate(4.3, 0.8))))
        self.paths = ALWAYS + self.r.sample(OFTEN, self.r.randint(10, 50))
        self.tags = []

    def line(self):
        return " ".join(self.r.choices(WORDS, k=self.r.randint(3, 12)))

    def text(self, path):
        if path == "meta/main.yml":
            return ["galaxy_info:", "  author: bench", "  license: ISC", "dependencies: []"]
        if path.endswith(".yml"):
            return ["---"] + ["# %s" % self.line() for _ in range(self.r.randint(10, 80))]
        return [self.line() for _ in range(self.r.randint(5, 120))]

    def stream(self, out):
        files, when = {}, 1400000000
        tagged = set(self.r.sample(range(2, self.commits - 1), max(2, min(25, self.commits // 12))))
        for number in range(self.commits):
            if number == 0:
                changed = self.paths
                files = {path: self.text(path) for path in changed}
            else:
                changed = self.r.sample(self.paths, self.r.randint(1, 3))
                for path in changed:
                    if path != "meta/main.yml":
                        files[path].insert(self.r.randint(1, len(files[path])), "# " + self.line())
            when += self.r.randint(60, 400000)
            message = self.line().encode()
            out.write(b"commit refs/heads/main\nmark :%d\ncommitter A <a@example.org> %d +0000\n"
                      b"data %d\n%s\n" % (number + 1, when, len(message), message))
            for path in changed:
                data = "\n".join(files[path] + [""]).encode()
                out.write(b"M %s inline %s\ndata %d\n%s\n" % (
                    b"755" if path.endswith(".sh") else b"644", path.encode(), len(data), data))
            if self.large and number % 10 == 0:
                data = self.r.randbytes(300000)
                out.write(b"M 644 inline files/bundle.bin\ndata %d\n%s\n" % (len(data), data))
            out.write(b"\n")
            if number in tagged:
                self.tags.append("v1.%d.0" % len(self.tags))
                out.write(b"reset refs/tags/%s\nfrom :%d\n\n" % (self.tags[-1].encode(), number + 1))
        out.write(b"done\n")

    def build(self, top):
        repo = os.path.join(top, self.name + ".git")
        env = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repo], check=True, env=env)
        git = ["git", "-C", repo, "-c", "core.fsync=none", "-c", "pack.threads=1"]
        p = subprocess.Popen(git + ["fast-import", "--quiet", "--done"], stdin=subprocess.PIPE, env=env)
        self.stream(p.stdin)
        p.stdin.close()
        if p.wait() != 0:
            raise SystemExit("fast-import failed for " + self.name)
        subprocess.run(git + ["repack", "-adq", "--write-bitmap-index"], check=True, env=env)
        subprocess.run(git + ["pack-refs", "--all"], check=True, env=env)
        return "%s %s" % (self.name, self.tags[len(self.tags) // 2])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-n", type=int, default=100)
    ap.add_argument("dir")
    a = ap.parse_args()
    os.makedirs(a.dir, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(lambda i: Role(i).build(a.dir), range(a.n)):
            print(line)


main()
