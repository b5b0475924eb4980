#!/usr/bin/env python3
"""names.py T URL GALAXY - H001 to H024: names of roles, by every way.

What the user wrote is refused as a whole, before anything is asked of a
server; what a stranger wrote fails the role that it came with.
"""
import os
import subprocess
import sys

import inputs
from inputs import q

b = inputs.Bench(os.path.realpath(sys.argv[1]), sys.argv[2])
GALAXY, GALAXY_FILE = sys.argv[3], b.t + "/galaxy.json"

LONG = "x" * 201
# Never a name of a role.
BAD = [
    ("H001", ".."), ("H002", "../../x"), ("H002", "../outside"), ("H004", b.top + "/outside/x"),
    ("H004", "/"), ("H005", "."), ("H005", ""), ("H005", "   "), ("H006", ".git"),
    ("H006", ".kelpie"), ("H006", ".ssh"), ("H006", "x/.kelpie"), ("H007", "-rf"),
    ("H007", "--force"), ("H007", "x/-rf"), ("H010", "neighbour/"), ("H011", "a//b"),
    ("H011", "a/./b"), ("H011", "a/../b"), ("H011", "a/../../b"), ("H011", "a/"),
    ("H012", LONG), ("H012", "x" * 5000), ("H012", "a/" + LONG), ("H014", "\x1b]0;title\x07"),
    ("H014", "\x1b[2Ja"), ("H014", "a\x07"), ("H014", "a\rb"), ("H014", "a\nb"), ("H014", "a\tb"),
    ("H014", "a\x7f"), ("H014", "a\x85b"), ("H014", "a\u202eb"), ("H014", "a\u200bb"),
    ("H014", "\ufeffa"), ("H014", "a\u2066"), ("H014", "a\u061c"), ("H011", "a "), ("H011", "a."),
]
# Good ones of several parts: the user's alone.
NESTED = [("H009", "a/b"), ("H010", "neighbour/tasks"), ("H010", "asks9/tasks")]
ODD = [("H021", "123"), ("H021", "true"), ("H021", "null"), ("H021", "[a]"), ("H021", "{a: b}"),
       ("H021", "1.5"), ("H021", "2024-01-01")]
SHELL = ["$(touch pwned)", "`touch pwned`", ";touch pwned", "a;touch pwned", "|touch pwned",
         "it's \"quoted\" *", "r\u00f4le", "%s%n", "a b", "~", "~root", "$HOME", "&", "a\\b",
         "<a>", "#a", "a:b", "a=b", "@a", "!a"]


def entries(names, source, key="name"):
    return "".join("- {src: %s, %s: %s}\n" % (q(source), key, n) for n in names)


def told(h, way, names):
    for h_, _ in names if isinstance(names[0], tuple) else [(h, n) for n in names]:
        b.count(h_, way)


def by_file():
    """One file of nothing but bad names: each line is told, nothing is asked."""
    bad = [q(n) for _, n in BAD] + [n for _, n in ODD]
    text = b.install("file", entries(bad, b.good))
    b.faults("file", text, range(1, len(bad) + 1))
    told(None, "file", BAD + ODD)
    # One bad among the good: nothing at all.
    for h, n in BAD[:6]:
        text = b.install("file, one", entries(["good1", q(n), "good2"], b.good))
        b.faults("file, one", text, [2])
    # As text, where a comma, a line or a blank ends a name.
    names = [(h, n) for h, n in BAD if n.strip() == n and n != ""]
    text = b.install("text", "".join("- %s\n" % q("%s,v1,%s" % (b.good, n)) for _, n in names))
    b.faults("text", text, range(1, len(names) + 1))
    told(None, "text", names)
    # The key "role", beside src.
    text = b.install("role", entries([q(n) for _, n in names], b.good, "role"))
    b.faults("role", text, range(1, len(names) + 1))
    told(None, "role", names)
    # A name alone is the source as well.
    text = b.install("name", "".join("- {name: %s}\n" % q(n) for _, n in names))
    b.faults("name", text, range(1, len(names) + 1))
    told(None, "name", names)
    # Bytes that are no UTF-8 make no file of it.
    text = b.install("bytes", b"- {src: x.y, name: \"a\xff\"}\n")
    b.expect("bytes", text, r"^kelpie: r\.yml:1:\d+: ")
    b.count("H016", "file")


def by_file_derived():
    """What is left of a source, or of its path, when no name is given."""
    sources = [("H001", "https://h.invalid/.."), ("H006", "https://h.invalid/.git"),
               ("H006", "https://h.invalid/.kelpie.git"), ("H007", "https://h.invalid/-rf.git"),
               ("H012", "https://h.invalid/%s.git" % LONG), ("H005", "https://h.invalid/"),
               ("H014", "https://h.invalid/a\u202eb.git"), ("H007", "git@h.invalid:x/-rf"),
               ("H011", "https://h.invalid/a..git"), ("H006", b.top + "/.kelpie.tar.gz")]
    text = b.install("derived", "".join("- src: %s\n" % q(s) for _, s in sources))
    b.faults("derived", text, range(1, len(sources) + 1))
    told(None, "derived", sources)
    paths = [("H006", "x/.kelpie"), ("H007", "x/-rf"), ("H012", "x/" + LONG)]
    text = b.install("path", "".join("- {src: %s, path: %s}\n" % (q(b.good), q(p))
                                     for _, p in paths))
    b.faults("path", text, range(1, len(paths) + 1))
    told(None, "path", paths)


def by_command_line():
    names = [(h, n) for h, n in BAD if n.strip() == n and n != ""] + [("H016", "a\udcff")]
    specs = ["%s,v1,%s" % (b.good, n) for _, n in names]
    text = b.kelpie("command line", "install", "-p", b.roles, "--", *specs, status=1, nothing=True)
    if text.count("command line") < len(names):
        b.say("command line: %d of %d told: %s" % (text.count("command line"), len(names), text))
    told(None, "command line", names)
    # The other verbs that take names; a '/' at the end is none of a name.
    for verb in ("remove", "info", "list"):
        for h, n in names:
            b.kelpie(verb + " " + h, verb, "-p", b.roles, "--", n, status=(1, 2), nothing=True)
            b.count(h, verb)
    for h, n in names:
        b.kelpie("init " + h, "init", "--init-path", b.top + "/cwd", "--", n, status=(1, 2),
                 nothing=True)
        b.count(h, "init")


def by_pupfile():
    bad = [q(n) for _, n in BAD] + [n for _, n in ODD]
    b.file("kennel.cfg", "[kennel]\nkennel_roles_path = %s\n" % b.roles)
    b.file("pupfile.yml", "".join("- {name: %s, location: %s}\n" % (n, q(b.good)) for n in bad))
    text = b.kelpie("pupfile", "install", "--no-pip", status=1, nothing=True)
    n = text.count("kelpie: pupfile.yml:")
    if n != len(bad):
        b.say("pupfile: %d of %d told: %s" % (n, len(bad), text))
    told(None, "pupfile", BAD + ODD)
    for name in ("kennel.cfg", "pupfile.yml"):
        os.unlink("%s/cwd/%s" % (b.top, name))


def by_dependency():
    """A role a name; each fails for itself, and the good one comes."""
    b.empty()
    bad = [(h, q(n)) for h, n in BAD + NESTED] + ODD
    for file in ("main", "requirements"):
        files = {}
        for i, (_, n) in enumerate(bad):
            needs = "[{src: %s, name: %s}]\n" % (q(b.good), n)
            files["asks%d/meta/main.yml" % i] = "dependencies: %s" % (
                needs if file == "main" else "[]\n")
            if file == "requirements":
                files["asks%d/meta/requirements.yml" % i] = needs
        source = b.repository("asks-" + file, files)
        text = b.install("dependency", "- src: %s\n" % b.good + "".join(
            "- {src: %s, path: asks%d}\n" % (source, i) for i in range(len(bad))),
            nothing=False, taken=["good"])
        for i, (h, n) in enumerate(bad):
            b.expect("dependency " + h, text, r"^asks%d: FAILED: .*meta/%s\.yml:1:" % (i, file))
            if b.is_there("asks%d" % i):
                b.say("dependency: %s was taken" % n)
        # But for what has no name at all, which is that of its source.
        told(None, "dependency" if file == "main" else "meta/requirements.yml", bad)
        if not b.is_there("good"):
            b.say("dependency: the good role is missing")
        left = set(os.listdir(b.roles)) - {"good", "neighbour", ".kelpie"}
        if left:
            b.say("dependency: made %s" % left)
        b.empty()


def by_galaxy():
    """A server may say what it likes: the role has the name that was asked
    for.  Where it is fetched from is checked like a source."""
    says = []
    for h, n in BAD + NESTED:
        # What this repository is called is not for the server to say.
        says.append((h, {"name": n, "github_user": "me", "github_repo": n, "versions": ["v1"]}))
        says.append((h, {"name": n, "username": n, "versions": [
            {"name": "v1", "source": "%s/good.git" % b.url}]}))
    with open(GALAXY_FILE, "w") as f:
        f.write(inputs.galaxy({"me.r%d" % i: r for i, (_, r) in enumerate(says)}))
    fails = [i for i, (_, r) in enumerate(says) if "github_repo" in r]
    names = ["me.r%d" % i for i in range(len(says))]
    # What looks like a name of GitHub's is one: nothing is asked of it here.
    text = b.kelpie("galaxy", "install", "-s", GALAXY, "-p", b.roles, *names, status=1,
                    taken=names, GIT_CONFIG_COUNT="1",
                    GIT_CONFIG_KEY_0="url.http://127.0.0.1:1/.insteadOf",
                    GIT_CONFIG_VALUE_0="https://github.com/")
    for i, (h, r) in enumerate(says):
        if (i in fails) == b.is_there("me.r%d" % i):
            b.say("galaxy: me.r%d %s: %s" % (i, r, text[-400:]))
        b.count(h, "galaxy")
    left = set(os.listdir(b.roles)) - set(names) - {"neighbour", ".kelpie"}
    if left:
        b.say("galaxy: made %s" % left)
    b.empty()


def by_state():
    """A record with such a name is no record, and stops the run with words."""
    b.empty()
    one = "- {src: 'git+file://%s/good.git', version: v1, name: one}\n" % b.repos
    b.install("state", one, status=0, nothing=False,
              taken=["one"])
    path = b.roles + "/.kelpie/state"
    with open(path, "rb") as f:
        good = f.read()

    def field(name):
        return "".join(c if " " <= c != "\\" and c != "\x7f" else "\\x%02x" % ord(c) for c in name)

    for i, (h, n) in enumerate(BAD):
        bad = good.replace(b"\none\t", b"\n%s\t" % field(n).encode())
        with open(path, "wb") as f:
            f.write(bad)
        text = b.install("state " + h, one, "-f")
        b.expect("state " + h, text, r"\.kelpie/state:2: the name is none of a role")
        b.count(h, "state")
        with open(path, "wb") as f:
            f.write(good)
        if i % (9 if inputs.SHORT else 3):
            continue
        # In the journal, the same: it never happened.
        with open(b.roles + "/.kelpie/journal", "wb") as f:
            f.write(b"%d\told-1\t" % os.stat(b.roles + "/one").st_ino + bad.split(b"\n")[1] + b"\n")
        b.install("journal " + h, one, "-f",
                  status=0, nothing=False, taken=["one"])
        b.count(h, "journal")
    b.empty()


def good_ones():
    """H008, H010, H019, H023, H024: what is a name, and who may have it."""
    b.empty()
    nested = ["web/one", "web/two", "a/b/c"]
    b.install("nested", entries(map(q, nested), b.good), status=0, nothing=False,
              taken=["web", "a"])
    for n in nested:
        if not os.path.isfile("%s/%s/meta/main.yml" % (b.roles, n)):
            b.say("nested: no " + n)
        b.count("H008", "file")
    b.kelpie("nested", "install", "-p", b.roles, b.good + ",v1,x/y", status=0, taken=["x"])
    b.count("H008", "command line")
    # Never inside of a role, in place or to come.
    text = b.install("inside", entries(["neighbour/tasks", "web/one/sub"], b.good))
    b.expect("inside", text, "neighbour/tasks: ", "web/one/sub: ")
    text = b.install("inside", entries(["new", "new/tasks"], b.good))
    b.faults("inside", text, [2])
    b.count("H010", "file", 3)
    # One name, two sources.
    b.role("other")
    text = b.install("twice", "- {src: %s, name: one}\n- {src: 'git+%s/other.git', name: one}\n" % (
        b.good, b.url))
    b.faults("twice", text, [2])
    b.count("H019", "file")
    b.role("wants1", "[{src: 'git+%s/other.git', name: same}]" % b.url)
    b.role("wants2", "[{src: '%s', name: same}]" % b.good)
    text = b.install("twice", "- git+%s/wants1.git\n- git+%s/wants2.git\n" % (b.url, b.url),
                     nothing=False, taken=["wants1", "wants2", "same"])
    b.expect("twice", text, "role 'same' is wanted twice")
    b.count("H019", "dependency")
    b.empty()
    # No shell sees a name.
    b.install("shell", entries(map(q, SHELL), b.good), status=0, nothing=False, taken=SHELL)
    b.install("shell", entries(map(q, SHELL), b.good), status=0)
    for n in SHELL:
        if not os.path.isfile("%s/%s/meta/main.yml" % (b.roles, n)):
            b.say("shell: no " + n)
        b.kelpie("shell", "info", "-p", b.roles, "--", n, status=0, nothing=True)
        b.count("H023", "file")
    b.kelpie("shell", "remove", "-p", b.roles, "--", *SHELL, status=0, taken=SHELL)
    b.empty()
    b.role("asks", "[%s]" % ", ".join("{src: %s, name: %s}" % (q(b.good), q(n)) for n in SHELL))
    b.install("shell", "- git+%s/asks.git\n" % b.url, status=0, nothing=False,
              taken=SHELL + ["asks"])
    for n in SHELL:
        if not os.path.isfile("%s/%s/meta/main.yml" % (b.roles, n)):
            b.say("shell: no dependency " + n)
        b.count("H023", "dependency")
    b.empty()
    # What a role calls itself counts for nothing.
    b.repository("calls", {"meta/main.yml": "galaxy_info: {role_name: ../../x, namespace: ..}\n"
                           "dependencies: []\n"})
    b.install("calls itself", "- git+%s/calls.git\n" % b.url, status=0, nothing=False,
              taken=["calls"])
    b.kelpie("calls itself", "info", "-p", b.roles, "calls", status=0, nothing=True)
    if not b.is_there("calls"):
        b.say("H024: it is not there")
    b.count("H024", "file")
    b.empty()


def in_the_way():
    """H020: what stands there and is no role stays, with -f as well."""
    out = b.top + "/outside"
    with open(b.roles + "/file", "wb") as f:
        f.write(b"mine\n")
    os.symlink(out, b.roles + "/link")
    os.symlink("nowhere", b.roles + "/dangling")
    os.symlink("neighbour", b.roles + "/alias")
    os.makedirs(b.roles + "/foreign/precious")
    os.mkfifo(b.roles + "/pipe")
    names = ["file", "link", "dangling", "alias", "foreign", "pipe"]
    mounted = os.geteuid() == 0 and make_mount(b.roles + "/mount")
    if mounted:
        names.append("mount")
    for args in ([], ["-f"]):
        text = b.install("in the way", entries(names, b.good), *args)
        for n in names:
            b.expect("in the way", text, "^%s: " % n)
            b.count("H020", "file")
    b.role("wants", "[%s]" % ", ".join("{src: '%s', name: %s}" % (b.good, n) for n in names))
    text = b.install("in the way", "- git+%s/wants.git\n" % b.url, "--force-with-deps",
                     nothing=False, taken=["wants"])
    for n in names:
        b.expect("in the way", text, "^%s: " % n)
        b.count("H020", "dependency")
    if mounted:
        subprocess.run(["umount", b.roles + "/mount"], check=True)
    else:
        print("no mount point here")
    b.empty()


def make_mount(path):
    os.mkdir(path)
    if subprocess.run(["mount", "-t", "tmpfs", "none", path],
                      stderr=subprocess.DEVNULL).returncode:
        os.rmdir(path)
        return False
    # A role, so that it is the mount that keeps it.
    os.makedirs(path + "/meta")
    with open(path + "/meta/main.yml", "w") as f:
        f.write("{}\n")
    return True


b.role("good")
for part in (by_file, by_file_derived, by_command_line, by_pupfile, by_dependency, by_galaxy,
             by_state, good_ones, in_the_way):
    part()
b.end()
