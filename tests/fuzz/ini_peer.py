#!/usr/bin/env python3
"""ini_peer.py INI_FUZZ DIRECTORY CASES [SEED] - what kelpie finds in an ini
file is what Python's configparser finds in it, as Ansible calls it.

Makes files in DIRECTORY and lets the replay program of the fuzz target read
them.  A file that Python takes has to be taken, with the same values; of what
Python refuses nothing is asked, since it looks at settings that kelpie does
not want.
"""
import configparser
import os
import random
import subprocess
import sys

WANTED = (("defaults", "roles_path"), ("defaults", "home"),
          ("galaxy", "server"), ("kelpie", "jobs"))
PIECES = ["[defaults]", "[galaxy]", "[kelpie]", "[DEFAULT]", "[other]",
          "roles_path", "ROLES_PATH", "home", "server", "jobs", "key", "=",
          ":", " = ", "a", "b/c", "~/x", "$HOME", "%(home)s", "%", "\u00e9",
          "#", ";", " ;", "\t;", " #", " ", "  ", "\t", "\r", "\f", "]", "[",
          "x]y", '"', "'", "\\", "=="]
LINES = ["[defaults]", "[galaxy]", "[kelpie]", "[DEFAULT]", "[ x ]",
         "roles_path = a:b", "home=/h", "server: https://g.example/ ; c",
         "jobs = 3", "Home = x", "  more", "\tmore ; c", "# c", "; c", "",
         "  # c", "   ", "  = x", "server =", "key = v", " home = indented"]


def make(rng):
    lines = ["[%s]" % rng.choice(["defaults", "galaxy", "kelpie", "DEFAULT"])]
    for _ in range(rng.randrange(8)):
        if rng.random() < 0.7:
            lines.append(rng.choice(LINES))
        else:
            lines.append("".join(rng.choice(PIECES)
                                 for _ in range(rng.randrange(6))))
    if rng.random() < 0.2:
        lines.pop(rng.randrange(len(lines)))
    return "\n".join(lines) + rng.choice(["", "\n"])


def of_python(text):
    parser = configparser.ConfigParser(inline_comment_prefixes=(";",))
    try:
        parser.read_string(text)
        values = [parser.get(*name, raw=True, fallback=None)
                  for name in WANTED]
        # One that begins in the next line begins there, not with a newline.
        return [v and v.lstrip("\n") for v in values]
    except configparser.Error:
        return None


def of_kelpie(program, paths):
    reader, writer = os.pipe()
    process = subprocess.Popen([program, *paths], pass_fds=[writer],
                               stdout=subprocess.DEVNULL,
                               env=dict(os.environ, INI_SAY=str(writer)))
    os.close(writer)
    with os.fdopen(reader) as f:
        said = f.read().splitlines()
    if process.wait() != 0 or len(said) != len(paths):
        sys.exit("%s ended with %d" % (program, process.returncode))
    for line in said:
        *values, end = line.split(" ")
        yield None if end == "!" else [
            bytes.fromhex(v[1:]).decode() if v[0] == "=" else None
            for v in values]


def main():
    program, directory, cases = sys.argv[1], sys.argv[2], int(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    rng = random.Random(seed)
    taken = bad = 0
    for start in range(0, cases, 1000):
        texts = [make(rng) for _ in range(min(1000, cases - start))]
        paths = [os.path.join(directory, str(i)) for i in range(len(texts))]
        for path, text in zip(paths, texts):
            with open(path, "w", newline="") as f:
                f.write(text)
        for text, ours in zip(texts, of_kelpie(program, paths)):
            theirs = of_python(text)
            taken += theirs is not None
            if theirs is not None and ours != theirs:
                bad += 1
                print("%r:\n  kelpie %r\n  python %r" % (text, ours, theirs))
    print("%d files, %d taken by both, %d differ" % (cases, taken, bad))
    return bad != 0 or taken < cases // 10


sys.exit(main())
