#!/usr/bin/env python3
"""damage.py --url URL --repos DIR cache|kelpie - damage each file in turn.

cache:  every file of the cache, by every way to damage it that is known here;
        then an install offline, which may fail, and one online, which has
        to succeed and to heal.
kelpie: every file of <roles>/.kelpie, and its two directories; then the same
        install again and an update, which may be refused.

Never is a role there that is not what was asked for, never is anything
touched that a link leads to, and nothing hangs or dies by a signal.
"""
import argparse
import filecmp
import os
import shutil
import subprocess
import sys

KELPIE = os.environ["KELPIE"]
CANARY = "canary/file"


def cut(path, others):
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)


def cut_last(path, others):
    with open(path, "r+b") as file:
        file.truncate(max(os.path.getsize(path) - 1, 0))


def empty(path, others):
    os.truncate(path, 0)


def delete(path, others):
    os.unlink(path)


def flip(path, others):
    with open(path, "r+b") as file:
        data = bytearray(file.read())
        for at in range(len(data) // 3, len(data), 97):
            data[at] ^= 0x20
        file.seek(0)
        file.write(data)


def garbage(path, others):
    with open(path, "wb") as file:
        file.write(bytes(range(256)) * 16)


def append(path, others):
    with open(path, "ab") as file:
        file.write(b"more\n")


def twice(path, others):
    with open(path, "r+b") as file:
        data = file.read()
        file.write(data)


def another(path, others):
    """What is good elsewhere."""
    shutil.copyfile(others[(others.index(path) + 1) % len(others)],
                    path + ".new")
    os.replace(path + ".new", path)


def directory(path, others):
    os.unlink(path)
    os.mkdir(path)
    shutil.copy(CANARY, path)


def link_to_itself(path, others):
    """A link to what was there."""
    os.rename(path, "canary/moved")
    os.symlink(os.path.abspath("canary/moved"), path)


def link_to_file(path, others):
    os.unlink(path)
    os.symlink(os.path.abspath(CANARY), path)


def link_to_directory(path, others):
    os.unlink(path)
    os.symlink(os.path.abspath("canary"), path)


def link_to_nothing(path, others):
    os.unlink(path)
    os.symlink(os.path.abspath("canary/none"), path)


def hard_link(path, others):
    os.link(path, "canary/linked")


def pipe(path, others):
    os.unlink(path)
    os.mkfifo(path)


WAYS = cut, cut_last, empty, delete, flip, garbage, append, twice, another, \
    directory, link_to_itself, link_to_file, link_to_directory, \
    link_to_nothing, hard_link, pipe


def says(path):
    """The line of a role that tells which it is."""
    try:
        with open(f"{path}/tasks/main.yml") as file:
            return file.read().split("{msg: ")[1].split("}")[0]
    except FileNotFoundError:
        return None


def restore(kept, place):
    subprocess.run(["rm", "-rf", place], check=True)
    shutil.copytree(kept, place, symlinks=True)


def fresh_canary():
    shutil.rmtree("canary", ignore_errors=True)
    os.mkdir("canary")
    with open(CANARY, "w") as file:
        file.write("canary\n")


def check_canary(what):
    with open(CANARY) as file:
        assert file.read() == "canary\n", f"{what}: the canary was changed"
    extra = set(os.listdir("canary")) - {"file", "moved", "linked"}
    assert not extra, f"{what}: beside the canary: {extra}"


class Runs:
    def __init__(self):
        self.count = self.refused = 0

    def kelpie(self, *arguments):
        self.count += 1
        got = subprocess.run([KELPIE, *arguments], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=60)
        text = got.stdout.decode("utf-8", "replace")
        assert 0 <= got.returncode <= 2, f"{arguments}: {got.returncode}: {text}"
        self.refused += got.returncode != 0
        return got.returncode, text


# ---- the cache ----

CACHE = "home/.cache/kelpie"


def cache_files():
    return sorted(os.path.join(top, name)
                  for top, _, names in os.walk(CACHE) for name in names)


def is_used(path):
    return path.endswith(".pack") or "/ref-" in path


def same(path):
    good = path.replace(CACHE, "good", 1)
    return os.path.isfile(path) and not os.path.islink(path) and \
        filecmp.cmp(path, good, shallow=False)


def install(runs, what, wanted, *options):
    """Every role is right or missing, and what is missing is told."""
    shutil.rmtree("roles", ignore_errors=True)
    status, text = runs.kelpie("install", "-p", "roles", *options)
    for name, content in wanted.items():
        got = says(f"roles/{name}")
        assert got in (content, None), f"{what}: {name} is {got}"
        assert got or status == 1 and f"{name}: FAILED: " in text, \
            f"{what}: {name} is missing: {status}: {text}"
    left = set(os.listdir("roles/.kelpie")) - {".gitignore", "lock", "state"}
    assert not left, f"{what}: left {left}"
    check_canary(what)
    return status, text


def damage_cache(runs, url, repos):
    commit = subprocess.run(["git", "-C", f"{repos}/three.git", "rev-parse",
                             "v1"], stdout=subprocess.PIPE, check=True
                            ).stdout.decode().strip()
    wanted = {"one": "one v1", "two": "two main", "three": "three v1",
              "other": "one v2", "packed": "packed 1", "packed2": "packed 2"}
    with open("sums") as file:
        sums = [line.split()[0] for line in file]
    with open("requirements.yml", "w") as file:
        file.write(f"""
- {{src: git+{url}/one.git, version: v1}}
- {{src: git+{url}/one.git, version: v2, name: other}}
- {{src: git+{url}/two.git}}
- {{src: git+{url}/three.git, version: {commit}}}
- {{src: {url}/packed1.tar.gz, name: packed, checksum: sha256:{sums[0]}}}
- {{src: {url}/packed2.tar.gz, name: packed2, checksum: sha256:{sums[1]}}}
""")
    fresh_canary()
    install(runs, "at first", wanted)
    assert install(runs, "offline", wanted, "--offline")[0] == 0
    shutil.copytree(CACHE, "good")
    files = cache_files()
    for path in files:
        alike = [f for f in files if f.rpartition(".")[2] ==
                 path.rpartition(".")[2] or "/ref-" in f and "/ref-" in path]
        for way in WAYS:
            what = f"{path}: {way.__name__}"
            restore("good", CACHE)
            fresh_canary()
            way(path, alike)
            install(runs, what + ", offline", wanted, "--offline")
            status, text = install(runs, what, wanted)
            assert status == 0, f"{what}: status {status}: {text}"
            for good in files:
                assert not is_used(good) or same(good), \
                    f"{what}: not healed: {good}"
    return f"{len(files)} files of the cache"


# ---- <roles>/.kelpie ----

def journal():
    """One with the records of the state, all of them true."""
    with open("roles/.kelpie/state") as state, \
            open("roles/.kelpie/journal", "w") as file:
        for line in state.read().splitlines()[1:]:
            inode = os.stat("roles/" + line.split("\t")[0]).st_ino
            file.write(f"{inode}\t\t{line}\n")


def damage_kelpie(runs, url, repos):
    for version in "v1", "v2":
        with open(f"{version}.yml", "w") as file:
            for name in "one", "two", "three":
                file.write(f"- {{src: 'git+file://{repos}/{name}.git', "
                           f"version: {version}}}\n")
    runs.kelpie("install", "-p", "roles", "-r", "v1.yml")
    journal()
    for name in "stage", "trash":
        os.makedirs(f"roles/.kelpie/{name}/x/y")
        with open(f"roles/.kelpie/{name}/x/y/z", "w") as file:
            file.write("left\n")
    subprocess.run(["cp", "-a", "roles", "good"], check=True)
    names = "state", "journal", "lock", ".gitignore", "stage", "trash"
    for name in names:
        path = f"roles/.kelpie/{name}"
        for way in WAYS:
            what = f"{name}: {way.__name__}"
            subprocess.run(["rm", "-rf", "roles"], check=True)
            subprocess.run(["cp", "-a", "good", "roles"], check=True)
            journal()
            fresh_canary()
            if name in ("stage", "trash"):
                shutil.rmtree(path)
                shutil.copyfile(CANARY, path)
            way(path, [f"roles/.kelpie/{n}" for n in
                       ("state", "journal", "lock")] +
                ([path] if name not in ("state", "journal", "lock") else []))
            seen = [says(f"roles/{n}") for n in ("one", "two", "three")]
            assert seen == ["one v1", "two v1", "three v1"]
            runs.kelpie("list", "-p", "roles")
            for version in "v1", "v2":
                status, text = runs.kelpie("install", "-p", "roles", "-r",
                                           f"{version}.yml")
                check_canary(what)
                assert status == 0 or ".kelpie" in text, f"{what}: {text}"
                for role in "one", "two", "three":
                    got = says(f"roles/{role}")
                    good = {f"{role} v1"} if version == "v1" else \
                        {f"{role} v2"} if status == 0 else \
                        {f"{role} v1", f"{role} v2"}
                    assert got in good, f"{what}: {role} is {got}: {text}"
            if status != 0:
                # The message has said what can be removed.
                subprocess.run(["rm", "-rf", path], check=True)
                status, text = runs.kelpie("install", "-p", "roles", "-r",
                                           "v2.yml")
                assert status == 0, f"{what}: removed: {text}"
            for role in "one", "two", "three":
                assert says(f"roles/{role}") == f"{role} v2", what
            left = set(os.listdir("roles/.kelpie")) - {
                ".gitignore", "lock", "state"}
            assert not left, f"{what}: left {left}"
    return f"{len(names)} names in .kelpie"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--repos", required=True)
    parser.add_argument("what", choices=("cache", "kelpie"))
    args = parser.parse_args()
    runs = Runs()
    damage = {"cache": damage_cache, "kelpie": damage_kelpie}[args.what]
    try:
        told = damage(runs, args.url, args.repos)
    except (AssertionError, subprocess.TimeoutExpired) as why:
        sys.exit(f"{why}")
    print(f"{told}, {len(WAYS)} ways, {runs.count} runs, "
          f"{runs.refused} of them not 0")


main()
