#!/usr/bin/env python3
"""files.py T URL - H122 to H137, H147 and H148: files that kelpie reads.

A requirements file, what it includes, a pupfile, ansible.cfg, git's
configuration, what a role says of itself, and what kelpie keeps of its own:
each of them may be anything.  What is wrong is told with its place, nothing
of what stands in the file is shown, and nothing waits.
"""
import os
import random
import subprocess
import sys
import time

import inputs
import world

b = inputs.Bench(os.path.realpath(sys.argv[1]), sys.argv[2])
OUT = b.top + "/outside"
TOKEN = world.TOKEN.decode()


def bomb():
    text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for last, this in zip("abcdefghij", "bcdefghijk"):
        text += "%s: &%s [%s]\n" % (this, this, ",".join(["*" + last] * 10))
    return text


# Number, name, what stands there, and what is to be said of it.
FILES = [
    ("H126", "bomb", bomb() + "roles: *k\n", r"\d+:\d+: "),
    ("H126", "bomb-dependencies", bomb() + "dependencies: *k\nroles: *k\n", r"\d+:\d+: "),
    ("H126", "self", "dependencies: &a [*a]\nroles: *a\n", r"\d+:\d+: "),
    ("H126", "self-list", "- &a [*a]\n", r"\d+:\d+: "),
    ("H126", "self-merge", "&a {<<: *a, x: y}\n", r"\d+:\d+: "),
    ("H126", "no-anchor", "- *nothing\n", r"\d+:\d+: "),
    ("H127", "brackets", "[" * 200000, r"\d+:\d+: |larger|large"),
    ("H127", "braces", "{a: " * 60000, r"\d+:\d+: |larger|large"),
    ("H127", "keys", "? " * 100000, r"\d+:\d+: |larger|large"),
    ("H127", "dashes", "- " * 20000, r"\d+:\d+: |larger|large"),
    ("H127", "tags", "%TAG ! tag:" + "x" * 1000 + "\n---\n" + "- !x y\n" * 3000, r"\d+:\d+: |larger|large"),
    ("H129", "nul", b"a\0b\n", ""),
    ("H129", "nul-behind", b"- a.b\n\0- c.d\n", ""),
    ("H129", "bytes", b"\xff\xfex", ""),
    ("H129", "latin1", b"- src: \"caf\xe9\"\n", ""),
    ("H129", "random", random.Random(4).randbytes(5000), ""),
    ("H129", "tab", "\t- a\n", r"1:\d+: "),
    ("H129", "open", "- a\n- b: [\n", r"\d+:\d+: "),
    ("H129", "quote", "- \"a\n", r"\d+:\d+: "),
    ("H129", "two", "- a.b\n---\n- c.d\n", r"2:1: |\d+:\d+: "),
    ("H129", "scalar", "just words\n", r"1:1: "),
    ("H129", "number", "5\n", r"1:1: "),
    ("H129", "python", "!!python/object/apply:os.system ['touch pwned']\n", r"1:1: "),
    ("H129", "vault", "!vault x\n", r"1:1: "),
    ("H129", "control", "- \"a\\x1b[2J\"\n", r"1:\d+: "),
    ("H129", "raw-control", b"- a\x1b[2Jb.c\n", ""),
    ("H129", "conflict", "<<<<<<< HEAD\n- a.b\n=======\n- c.d\n>>>>>>> x\n", r"\d+:\d+: "),
    ("H129", "large", "#" * (5 << 20), "large"),
]
# Nothing, for one who asks for roles; a role may well say nothing.
EMPTY = [("H129", "empty", "", ""), ("H129", "comment", "# only a comment\n", ""),
         ("H129", "null", "null\n", ""), ("H129", "end", "---\n...\n", ""),
         ("H129", "bom-only", b"\xef\xbb\xbf", "")]


def quick(what, start):
    # Sanitizers and a busy machine included.
    if time.monotonic() - start > 20:
        b.say("%s: took %.1f s" % (what, time.monotonic() - start))


def told(what, text, file, says):
    """One error, of one line, that names the file."""
    lines = [line for line in text.splitlines() if line.startswith("kelpie: ")]
    if len(lines) != 1 or len(text) > 1200:
        b.say("%s: %d lines: %s" % (what, len(lines), text[:600]))
    b.expect(what, text, r"^kelpie: %s:? ?.*%s" % (file.replace(".", r"\."), says))


def by_requirements():
    for h, name, data, says in FILES + EMPTY:
        file, start = name + ".yml", time.monotonic()
        b.file(file, data)
        text = b.kelpie("file " + name, "install", "-r", file, "-p", b.roles, status=1, nothing=True)
        told("file " + name, text, file, says)
        quick("file " + name, start)
        b.count(h, "file")
        b.file("including.yml", "- {src: '%s'}\n- include: %s\n" % (b.good, file))
        text = b.kelpie("include " + name, "install", "-r", "including.yml", "-p", b.roles,
                        status=(0, 1), nothing=False, taken=["good"])
        if b.is_there("good") and name not in [e[1] for e in EMPTY]:
            b.say("include %s: the rest was installed: %s" % (name, text))
        b.count(h, "include")
        b.empty()
        for verb in (["list"], ["prune", "--yes"]) if h != "H129" else ():
            b.kelpie(verb[0] + " " + name, *verb, "-r", file, "-p", b.roles, status=1, nothing=True)
            b.count(h, verb[0])
        os.unlink("%s/cwd/%s" % (b.top, file))
    text = b.install("file roles", "roles: words\n")
    told("file roles", text, "r.yml", "1:8: ")
    text = b.kelpie("file nosuch", "install", "-r", "nosuch.yml", "-p", b.roles, status=1,
                    nothing=True)
    told("file nosuch", text, "nosuch.yml", "No such file")
    # What is odd and good: Windows' line ends, marks, UTF-16.
    good = "- src: %s\n  version: v1\n" % b.good
    for name, data in (("crlf", good.replace("\n", "\r\n").encode()),
                       ("bom", b"\xef\xbb\xbf" + good.encode()),
                       ("utf-16", b"\xff\xfe" + good.encode("utf-16-le")),
                       ("utf-16-be", b"\xfe\xff" + good.encode("utf-16-be"))):
        b.install("file " + name, data, status=0, nothing=False, taken=["good"])
        b.count("H129", "file")
        b.empty()


def by_pupfile():
    b.file("kennel.cfg", "[kennel]\nkennel_roles_path = %s\n" % b.roles)
    for h, name, data, says in FILES + EMPTY:
        b.file("pupfile.yml", data)
        text = b.kelpie("pupfile " + name, "install", "--no-pip", status=1, nothing=True)
        b.expect("pupfile " + name, text, r"^kelpie: pupfile\.yml:? ?.*" + says)
        b.count(h, "pupfile")
    os.unlink(b.top + "/cwd/pupfile.yml")
    for h, name, data in CONFIGS:
        b.file("kennel.cfg", data)
        b.kelpie("kennel.cfg " + name, "install", "--no-pip", status=(1, 2), nothing=True)
        b.count(h, "kennel.cfg")
    os.unlink(b.top + "/cwd/kennel.cfg")


def by_dependency():
    for file in ("meta/main.yml", "meta/requirements.yml"):
        files, rows = {}, FILES + EMPTY
        # A megabyte of nothing is left out: it is one of the large ones here.
        for i, (_, _, data, _) in enumerate(rows):
            files["d%d/meta/main.yml" % i] = "{}\n"
            files["d%d/tasks/main.yml" % i] = "[]\n"
            files["d%d/%s" % (i, file)] = data
        source = b.repository("says-" + file.replace("/", "-"), files)
        start = time.monotonic()
        text = b.install(file, "- src: %s\n" % b.good + "".join(
            "- {src: %s, path: d%d}\n" % (source, i) for i in range(len(rows))), nothing=False,
            taken=["good"] + ["d%d" % i for i in range(len(FILES), len(rows))])
        quick(file, start)
        for i, (h, name, _, _) in enumerate(rows):
            b.count(h, file)
            if i >= len(FILES):
                continue
            b.expect("%s %s" % (file, name), text, r"^d%d: FAILED: .*%s" % (i, file))
            if b.is_there("d%d" % i):
                b.say("%s: %s was taken" % (file, name))
        if not b.is_there("good"):
            b.say("%s: the good one is missing" % file)
        b.empty()
    # An include is a word like others for a role.
    for i, what in enumerate((OUT + "/victim", "/etc/passwd", OUT + "/pipe")):
        source = b.repository("includes%d" % i, {
            "meta/main.yml": "dependencies: [{include: %s}]\n" % what, "tasks/main.yml": "[]\n"})
        text = b.install("include", "- src: %s\n" % source, nothing=True)
        b.expect("include", text, "^includes%d: FAILED: .*needs 'role'" % i)
        b.count("H131", "meta/main.yml")


def by_include():
    for what in ("../outside/victim", OUT + "/config", OUT, OUT + "/pipe", OUT + "/d1/d2/x",
                 "/dev/zero", "/dev/null", "/proc/self/mem", "r.yml", "./r.yml", "nosuch", "/",
                 "../home/.netrc", "../home/.ssh/id", "", "x" * 5000, "[a]", "5", "a\\x1b"):
        start = time.monotonic()
        line = what if what in ("[a]", "5") else '"%s"' % what
        text = b.install("include " + what[:40], "- src: %s\n- include: %s\n" % (b.good, line))
        b.expect("include " + what[:40], text, "^kelpie: ")
        quick("include " + what[:40], start)
        b.count("H131", "include")
    # As the file itself.
    for what in ("../outside/victim", OUT, "/dev/zero", "/dev/null", "../home/.netrc", "", "/"):
        b.kelpie("file " + what, "install", "-r", what, "-p", b.roles, status=(1, 2), nothing=True)
        b.count("H131", "file")
    b.file("a.yml", "- include: b.yml\n- src: %s\n" % b.good)
    b.file("b.yml", "- include: a.yml\n")
    text = b.kelpie("loop", "install", "-r", "a.yml", "-p", b.roles, status=1, nothing=True)
    b.expect("loop", text, "includes itself")
    # Each includes the next one twice: 2^40 files, if nobody counts.
    for i in range(40):
        b.file("n%d.yml" % i, "- include: n%d.yml\n" % (i + 1) * 2)
    b.file("n40.yml", "[]\n")
    start = time.monotonic()
    b.kelpie("doubled", "install", "-r", "n0.yml", "-p", b.roles, status=1, nothing=True)
    quick("doubled", start)
    b.count("H131", "include", 2)


SETTING = "[defaults]\nroles_path = %s\n" % b.roles
CONFIGS = [
    ("H132", "no-section", "roles_path = x\n"), ("H132", "nul", b"[defaults]\nroles_path = a\0b\n"),
    ("H132", "binary", random.Random(5).randbytes(3000)), ("H132", "twice", SETTING + SETTING),
    ("H132", "key-twice", SETTING + "roles_path = y\n"), ("H132", "large", "#" * (300 << 10)),
    ("H132", "open-section", "[defaults\nroles_path = x\n"),
]
# What is odd, but is read as Ansible reads it.
CONFIGS_READ = [
    ("H132", "long-line", "[other]\nx = " + "y" * 200000 + "\n" + SETTING),
    ("H132", "percent", "[other]\nx = 50%% %(y)s %\n" + SETTING), ("H132", "crlf", SETTING.replace("\n", "\r\n")),
    ("H132", "escape", "[other]\n\x1b[2J = \x07\n" + SETTING),
]


def by_ansible_cfg():
    data = "- src: %s\n" % b.good
    b.file("requirements.yml", data)
    for h, name, text in CONFIGS + CONFIGS_READ:
        b.file("ansible.cfg", text)
        out = b.kelpie("ansible.cfg " + name, "install", status=(0,) if (h, name, text) in
                       CONFIGS_READ else 1, taken=["good"])
        if (h, name, text) in CONFIGS:
            b.expect("ansible.cfg " + name, out, "^kelpie: .*ansible.cfg")
        b.count(h, "ansible.cfg")
        b.empty()
    os.unlink(b.top + "/cwd/ansible.cfg")
    for name, make in (("pipe", os.mkfifo), ("directory", os.mkdir),
                       ("link", lambda p: os.symlink(OUT + "/victim", p))):
        make(b.top + "/cwd/ansible.cfg")
        b.kelpie("ansible.cfg " + name, "install", "-p", b.roles, status=(0, 1), taken=["good"])
        subprocess.run(["rm", "-rf", b.top + "/cwd/ansible.cfg"], check=True)
        b.count("H132", "ansible.cfg")
        b.empty()
    # In a directory that everybody can write to it is not read at all.
    b.file("ansible.cfg", "[defaults]\nroles_path = %s/evil\n" % OUT)
    os.chmod(b.top + "/cwd", 0o777)
    b.kelpie("ansible.cfg open", "install", "-p", b.roles, status=0, taken=["good"])
    b.kelpie("ansible.cfg open", "list", status=(0, 1), nothing=True)
    os.chmod(b.top + "/cwd", 0o755)
    b.count("H132", "ansible.cfg")
    for name in ("ansible.cfg", "requirements.yml"):
        os.unlink(b.top + "/cwd/" + name)
    b.empty()


def by_git_config():
    """H148: it is read, by a child; what is wrong with it is told with its
    place, and what it may not do it does not."""
    data = "- src: %s\n" % b.good
    for name, text, status in (
            ("broken", "[core\n", 1), ("binary", random.Random(6).randbytes(3000), 1),
            ("loop", "[include]\n\tpath = ../home/.gitconfig\n", (0, 1)),
            ("includes a secret", "[include]\n\tpath = %s/victim\n" % OUT, (0, 1)),
            ("includes a device", "[include]\n\tpath = /dev/zero\n", (0, 1)),
            ("runs", "[core]\n\tfsmonitor = touch pwned\n\tsshCommand = touch pwned\n\thooksPath = x\n"
             "[filter \"x\"]\n\tsmudge = touch pwned\n[credential]\n\thelper = !touch pwned\n"
             "[url \"ext::touch pwned \"]\n\tinsteadOf = nothing:\n[protocol]\n\tallow = always\n", 0),
            ("ext", "[url \"ext::touch pwned \"]\n\tinsteadOf = %s\n" % b.url, 1),
            ("option", "[url \"--upload-pack=touch pwned \"]\n\tinsteadOf = %s\n" % b.url, 1),
            ("ssh option", "[url \"ssh://-oProxyCommand=touch%%20pwned/\"]\n\tinsteadOf = %s\n" %
             b.url, 1),
            ("ssh path", "[url \"git@h.invalid:-\"]\n\tinsteadOf = %s\n" % b.url, 1),
            ("escape", "[url \"http://127.0.0.1:1/\\\"\x1b[2J\"]\n\tinsteadOf = %s\n" % b.url, 1)):
        world.write(b.top + "/home/.gitconfig", text if isinstance(text, bytes) else text.encode())
        b.install("git config " + name, data, status=status, nothing=False, taken=["good"],
                  GIT_CONFIG_GLOBAL=b.top + "/home/.gitconfig", GIT_SSH_COMMAND="touch pwned;false")
        b.count("H148", "git config")
        b.empty()
    os.unlink(b.top + "/home/.gitconfig")


def by_state():
    """H122, H123 and H125, of what kelpie itself keeps: state, journal, lock."""
    spec = "- {src: 'git+file://%s/good.git', version: v1}\n" % b.repos
    b.install("state", spec, status=0, nothing=False, taken=["good"])
    path, kelpie = b.roles + "/.kelpie/state", b.roles + "/.kelpie"
    with open(path, "rb") as f:
        good = f.read()
    head, line = good.split(b"\n")[:2]
    fields = line.split(b"\t")

    def changed(i, value):
        i %= len(fields)
        return b"\n".join([head, b"\t".join(fields[:i] + [value] + fields[i + 1:]), b""])

    damaged = [
        ("H122", "empty", b""), ("H122", "newer", good.replace(b"kelpie state ", b"kelpie state 9")),
        ("H122", "cut", good[:-10]), ("H122", "cut head", good[:10]), ("H122", "no line end", good[:-1]),
        ("H122", "bom", b"\xef\xbb\xbf" + good), ("H122", "crlf", good.replace(b"\n", b"\r\n")),
        ("H122", "conflict", b"<<<<<<< HEAD\n" + good), ("H122", "nul", good.replace(b"v1", b"v\0", 1)),
        ("H122", "twice", good + line + b"\n"), ("H122", "fewer", head + b"\n" + b"\t".join(fields[:5]) + b"\n"),
        ("H122", "more", changed(-1, fields[-1] + b"\tx")), ("H122", "escape", changed(-1, b"\x1b[2J")),
        ("H122", "half escape", changed(-1, b"\\x4")), ("H122", "escaped nul", changed(-1, b"\\x00")),
        ("H122", "name", changed(0, b"../../x")), ("H122", "kind", changed(2, b"list")),
        ("H122", "no name", changed(0, b"-")), ("H123", "commit", changed(4, b"123")),
        ("H123", "commit case", changed(4, fields[4].upper())), ("H123", "digest", changed(5, b"md5")),
        ("H123", "digest short", changed(5, fields[5][:40])), ("H123", "archive", changed(7, b"none")),
        ("H121", "url", changed(10, b"--upload-pack=x")), ("H121", "url file", changed(10, b"file:///etc")),
        ("H123", "tag", changed(11, b"12")),
        ("H122", "when", changed(-3, b"-5")), ("H122", "when far", changed(-3, b"9" * 30)),
        ("H122", "random", random.Random(7).randbytes(4000))]
    for h, name, data in damaged:
        with open(path, "wb") as f:
            f.write(data)
        text = b.install("state " + name, spec, "-f")
        b.expect("state " + name, text, r"\.kelpie/state:\d+: .*can be removed")
        b.kelpie("state " + name, "list", "-p", b.roles, status=(0, 1), nothing=True)
        b.count(h, "state")
    # What a role needs, as a stranger might have written it there.
    for needs in ("../x\\x09https://h.invalid/x\\x09\\x09\\x09\\x09\\x09\\x09m:1:1\\x0a", "x", "\\x0a",
                  "x\\x09--upload-pack=touch pwned\\x09\\x09\\x09\\x09\\x09g\\x09m:1:1\\x0a",
                  "x\\x09file:///etc\\x09\\x09\\x09\\x09\\x09\\x09m:1:1\\x0a"):
        with open(path, "wb") as f:
            f.write(changed(9, needs.encode()))
        b.install("state, needs", spec, status=(0, 1), nothing=False, taken=["good"])
        if set(os.listdir(b.roles)) != {"good", "neighbour", ".kelpie"}:
            b.say("state, needs: made %s" % os.listdir(b.roles))
        b.count("H122", "state")
    with open(path, "wb") as f:
        f.write(good)
    # Anything in the journal is old news, or none.
    for data in (b"x\n", b"\0\n", good, random.Random(8).randbytes(4000),
                 b"1\t../../../../outside\t" + line + b"\n", b"1\told-1\t" + changed(0, b"..").split(b"\n")[1] + b"\n",
                 b"99999999999999999999\tx\t" + line + b"\n"):
        with open(kelpie + "/journal", "wb") as f:
            f.write(data)
        b.install("journal", spec, "-f", status=(0, 1), nothing=False, taken=["good"])
        b.count("H122", "journal")
        if os.path.lexists(kelpie + "/journal"):
            os.unlink(kelpie + "/journal")
    # They are no files at all, or somebody else's.
    for name in ("state", "journal", "lock", "stage", "trash", ".gitignore"):
        if inputs.SHORT and name not in ("state", "lock"):
            continue
        for kind, make in (("link", lambda p: os.symlink(OUT + "/victim", p)),
                           ("link to a directory", lambda p: os.symlink(OUT, p)),
                           ("pipe", os.mkfifo), ("directory", os.mkdir),
                           ("full directory", lambda p: os.makedirs(p + "/x/y")),
                           ("dangling", lambda p: os.symlink(OUT + "/none", p))):
            subprocess.run(["rm", "-rf", kelpie + "/" + name], check=True)
            make(kelpie + "/" + name)
            b.install("%s is a %s" % (name, kind), spec, "-f", status=(0, 1, 2), nothing=False,
                      taken=["good"])
            if not os.path.isfile(b.roles + "/good/meta/main.yml"):
                b.say("%s is a %s: the role is gone" % (name, kind))
            b.count("H125", name)
        subprocess.run(["rm", "-rf", kelpie + "/" + name], check=True)
        b.install("healed", spec, "-f", status=0, nothing=False, taken=["good"])
    b.empty()


def local_machine():
    """H135 to H137: directories that somebody has prepared."""
    root = os.geteuid() == 0
    spec = "- {src: '%s', version: v1}\n" % b.good
    kelpie = b.roles + "/.kelpie"
    for name, make in (("link", lambda: os.symlink(OUT, kelpie)),
                       ("dangling", lambda: os.symlink("none", kelpie)),
                       ("file", lambda: world.write(kelpie, b"x")), ("pipe", lambda: os.mkfifo(kelpie)),
                       ("open", lambda: (os.mkdir(kelpie), os.chmod(kelpie, 0o777))),
                       ("group", lambda: (os.mkdir(kelpie), os.chmod(kelpie, 0o770))),
                       ("foreign", lambda: (os.mkdir(kelpie), os.chown(kelpie, 65534, 65534)))):
        if name == "foreign" and not root:
            continue
        make()
        text = b.install(".kelpie " + name, spec, status=2)
        b.expect(".kelpie " + name, text, r"\.kelpie' ")
        if os.path.isdir(kelpie) and not os.path.islink(kelpie) and os.listdir(kelpie):
            b.say(".kelpie %s: something was made in it" % name)
        b.count("H135", "roles directory")
        subprocess.run(["rm", "-rf", kelpie], check=True)
    b.install(".kelpie", spec, status=0, nothing=False, taken=["good"])
    with open(kelpie + "/.gitignore", "rb") as f:
        if f.read() != b"*\n":
            b.say(".kelpie: no .gitignore")
    for mode, said in ((0o777, True), (0o1777, False), (0o775, False)):
        os.chmod(b.roles, mode)
        text = b.install("roles %o" % mode, spec, "-f", status=0, nothing=False, taken=["good"])
        if ("everybody may write to" in text) != (said and root):
            b.say("roles %o: %s" % (mode, text))
        b.count("H136", "roles directory")
    os.chmod(b.roles, 0o755)
    b.empty()
    cache = b.top + "/cache"
    for name, make in (("open", lambda p: os.chmod(p, 0o777)), ("group", lambda p: os.chmod(p, 0o720)),
                       ("foreign", lambda p: os.chown(p, 65534, 65534)),
                       ("link", lambda p: (os.rmdir(p), os.symlink(OUT, p))),
                       ("file", lambda p: (os.rmdir(p), world.write(p, b"x"))),
                       ("pipe", lambda p: (os.rmdir(p), os.mkfifo(p)))):
        if name == "foreign" and not root:
            continue
        for below in ("kelpie", "kelpie/v1"):
            path = "%s/%s" % (cache, below)
            subprocess.run(["rm", "-rf", cache], check=True)
            os.makedirs(path, 0o700)
            os.chmod(cache + "/kelpie", 0o700)
            make(path)
            b.install("cache %s %s" % (below, name), spec, "-f", status=0, nothing=False, taken=["good"])
            if os.path.isdir(path) and not os.path.islink(path) and name != "open" and below == "kelpie" \
                    and os.listdir(path):
                b.say("cache %s: it was used" % name)
            b.count("H137", "cache")
    subprocess.run(["rm", "-rf", cache], check=True)
    os.makedirs(cache + "/kelpie", 0o700)
    b.empty()


def environment():
    """H147: who we are and where HOME is."""
    spec = "- {src: '%s', version: v1}\n" % b.good
    for home in ("relative", "", "/nonexistent", OUT, OUT + "/victim", "/dev/null", "x" * 5000,
                 "/\x1b[2J", "~", "a\nb"):
        b.install("HOME=%r" % home[:20], spec, "-f", status=(0, 1), nothing=False, taken=["good"],
                  HOME=home, LC_ALL="C")
        if not b.is_there("good"):
            b.say("HOME=%r: nothing was installed" % home[:20])
        b.count("H147", "HOME")
        b.empty()
    for name, value in (("TZ", ":/etc/passwd"), ("LC_ALL", "../../x"), ("TERM", "\x1b[2J"),
                        ("TMPDIR", "/nonexistent"), ("COLUMNS", "-1"),
                        ("COLUMNS", "99999999999999999999"), ("PATH", ""), ("LD_LIBRARY_PATH", ".")):
        b.install("%s=%r" % (name, value), spec, "-f", status=0, nothing=False, taken=["good"],
                  **{name: value})
        b.count("H147", "environment")
        b.empty()
    if os.geteuid() == 0:
        # Somebody whom no file of users knows, and whose HOME is not his.
        w = inputs.Elsewhere(b.t + "/nobody", [], 12345)
        world.write(w.top + "/cwd/r.yml", spec.encode())
        w.settle()
        status, out, err, _ = w.run("install", "-r", "r.yml", "-p", w.roles, HOME="/root")
        if status != 0 or w.touched(["good"]):
            b.say("no passwd entry: %d %s %s" % (status, err, w.touched(["good"])))
        b.count("H147", "user")
        os.chmod(w.top + "/cwd/r.yml", 0)
        os.chown(w.top + "/cwd/r.yml", 0, 0)
        status, out, err, _ = w.run("install", "-r", "r.yml", "-p", w.roles)
        if status != 1 or b"r.yml: Permission denied" not in err:
            b.say("an unreadable file: %d %s" % (status, err))


b.role("good")
for part in (by_requirements, by_pupfile, by_dependency, by_include, by_ansible_cfg, by_git_config,
             by_state):
    part()
if not inputs.SHORT:
    local_machine()
    environment()
b.end()
