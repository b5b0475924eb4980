#!/usr/bin/env python3
"""sources.py T URL GALAXY NEAR_URL NEAR_LOG - H025 to H040: sources and
versions, by every way.

NEAR_URL is a second server that serves the same, and that nobody may be led
to: NEAR_LOG has a line a request.
"""
import os
import subprocess
import sys
import tarfile

import inputs
import world
from inputs import q

b = inputs.Bench(os.path.realpath(sys.argv[1]), sys.argv[2])
GALAXY, GALAXY_FILE, NEAR, NEAR_LOG = sys.argv[3], b.t + "/galaxy.json", sys.argv[4], sys.argv[5]
PORT = b.url.rpartition(":")[2]

# No source of anybody's.
BAD = [
    ("H025", "--upload-pack=touch pwned"), ("H025", "-ccore.sshCommand=touch pwned"),
    ("H025", "-u./pwned"), ("H025", "git+--upload-pack=touch pwned"), ("H025", "git+-x"),
    ("H025", "-"), ("H026", "ext::sh -c 'touch pwned'"), ("H026", "git+ext::sh -c touch% pwned"),
    ("H026", "fd::17/x"), ("H026", "git+https::https://h.invalid/x"), ("H026", "ftp://h.invalid/x"),
    ("H026", "gopher://h.invalid/x"), ("H026", "javascript://x"), ("H026", "data://x,y"),
    ("H027", "ssh://-oProxyCommand=touch%20pwned/x"), ("H027", "git@-oProxyCommand=x:y"),
    ("H027", "ssh://-oX@h.invalid/y"), ("H027", "git+git@-oX:y"),
    ("H027", "git@h.invalid:-x"), ("H027", "-oX@h.invalid:y"),
    ("H027", "git+ssh://u@-h.invalid/x"), ("H027", "https://-h.invalid/x"),
    ("H032", "https://h.invalid/%0ax"), ("H032", "https://h.invalid/%0d%0ahost=evil.invalid"),
    ("H032", "https://h.invalid%0a.evil.invalid/x"), ("H032", "https://h.invalid/a\r\nb"),
    ("H032", "https://h.invalid/a b"), ("H032", "https://h.invalid/%00x"), ("H032", "https:///x"), ("H032", "http://"),
    ("H032", "http://h ost/x"), ("H032", "http://h\\x/y"),
    ("H032", "https://:443/x"), ("H032", "https://@/x"), ("H032", "https://h.invalid\\@e.invalid/x"),
    ("H032", "https://h.invalid:0/x"), ("H032", "https://h.invalid:99999/x"),
    ("H032", "https://h.invalid:x/x"), ("H032", "https://a@b@h.invalid/x"), ("H032", "/a\nb"),
    ("H032", "https://[::1/x"), ("H032", "https://h.invalid/\x1b]0;x\x07"),
    ("H032", "https://h.invalid/" + "x" * 2048), ("H032", "file://h.invalid/x"),
    ("H040", "hg+https://h.invalid/x"), ("H040", "svn+https://h.invalid/x"),
    ("H040", "bzr+ssh://h.invalid/x"), ("H040", "Git+https://h.invalid/x"),
]
VERSIONS = ["--orphan", "-x", "..", "a..b", "@", "@{-1}", "HEAD@{1}", ":/re", "a^{/x}", "a^{tree}",
            "v1^!", "^v", "a b", "a:b", "a\\b", "a?", "a*", "a[", "/a", "a/", "a//b", ".a", "a.",
            "a.lock", "a\x1b[2J", "a\nb", "a\x7f", "~", "v1~x", "v1~1234567890", "x" * 256]
# For the user's own file alone.
STEPS = ["HEAD~1", "v1^", "HEAD~9999999", "main~1^2"]
SCMS = ["hg", "svn", "GIT", "bzr", "--", "git;touch pwned"]


def entry(i, src, more=""):
    return "- {src: %s, name: x%d%s}\n" % (q(src), i, more)


def by_file():
    data, expected = "", []
    rows = [(h, src, "") for h, src in BAD]
    rows += [(h, src, ", scm: git") for h, src in BAD if h != "H040"]
    rows += [("H034", b.good, ", version: " + q(v)) for v in VERSIONS]
    rows += [("H040", "https://h.invalid/x", ", scm: " + q(s)) for s in SCMS]
    for i, (h, src, more) in enumerate(rows):
        data += entry(i, src, more)
        expected.append(i + 1)
        b.count(h, "file")
    text = b.install("file", data)
    b.faults("file", text, expected)
    # As text.
    rows = [(h, src) for h, src in BAD if "," not in src and "\n" not in src]
    text = b.install("text", "".join("- %s\n" % q(src + ",v1,x%d" % i)
                                     for i, (_, src) in enumerate(rows)))
    b.faults("text", text, range(1, len(rows) + 1))
    versions = [v for v in VERSIONS if "\n" not in v]
    text = b.install("text", "".join("- %s\n" % q("%s,%s,x%d" % (b.good, v, i))
                                     for i, v in enumerate(versions)))
    b.faults("text", text, range(1, len(versions) + 1))
    for h, _ in rows:
        b.count(h, "text")
    b.count("H034", "text", len(versions))
    # The others of the file are not installed, either.
    b.install("with a good one", "- src: %s\n" % b.good + entry(1, BAD[0][1]))


def by_command_line():
    rows = [(h, src) for h, src in BAD if "," not in src]
    text = b.kelpie("command line", "install", "-p", b.roles, "--",
                    *[src + ",v1,x%d" % i for i, (_, src) in enumerate(rows)],
                    *["%s,%s,v%d" % (b.good, v, i) for i, v in enumerate(VERSIONS)],
                    status=1, nothing=True)
    if text.count("kelpie: command line: ") != len(rows) + len(VERSIONS):
        b.say("command line: %d told: %s" % (text.count("kelpie: command line: "), text))
    for h, _ in rows:
        b.count(h, "command line")
    b.count("H034", "command line", len(VERSIONS))
    # Without "--" those with a '-' are options, and there are none such.
    for src in ("--upload-pack=touch pwned", "-ccore.sshCommand=touch pwned"):
        b.kelpie("option", "install", "-p", b.roles, src, status=(1, 2), nothing=True)
    b.kelpie("server", "install", "-p", b.roles, "-s", "ext::sh", "a.b", status=(1, 2),
             nothing=True)


def by_pupfile():
    rows = [("H025", "git+" + s) for s in ("--upload-pack=touch pwned", "-x")]
    rows += [(h, "git+" + s) for h, s in BAD if not s.startswith("git+") and "," not in s]
    rows += [(h, s) for h, s in BAD if h == "H040"]
    rows += [("H034", b.good + "," + v) for v in VERSIONS]
    rows += [("H026", "galaxy+https://h.invalid/x"), ("H025", "galaxy+-x.y"), ("H028", "fs+")]
    b.file("kennel.cfg", "[kennel]\nkennel_roles_path = %s\n" % b.roles)
    b.file("pupfile.yml", "".join("- {name: x%d, location: %s}\n" % (i, q(s))
                                  for i, (_, s) in enumerate(rows)))
    text = b.kelpie("pupfile", "install", "--no-pip", status=1, nothing=True)
    if text.count("kelpie: pupfile.yml:") != len(rows):
        b.say("pupfile: %d of %d told: %s" % (text.count("kelpie: pupfile.yml:"), len(rows), text))
    for h, _ in rows:
        b.count(h, "pupfile")
    for name in ("kennel.cfg", "pupfile.yml"):
        os.unlink("%s/cwd/%s" % (b.top, name))


def by_dependency():
    rows = [(h, "{src: %s, name: x}" % q(src)) for h, src in BAD]
    rows += [("H034", "{src: '%s', version: %s, name: x}" % (b.good, q(v)))
             for v in VERSIONS + STEPS]
    rows += [("H040", "{src: 'https://h.invalid/x', scm: %s, name: x}" % q(s)) for s in SCMS]
    rows += [("H028", "{src: %s, name: x}" % q(s)) for s in (
        "file:///etc", "file:///etc/passwd", "../x", "./x", "../../outside/x.tar.gz", "x/y",
        "~/x.tar.gz", "fs+/etc", "git+../x")]
    rows += [("H028", "{src: /etc, name: x, type: dir}"),
             ("H028", "{src: /etc, name: x, type: link}")]
    # In meta/main.yml those would be variables of the role.
    own_file = [i for i, (_, r) in enumerate(rows) if "type:" in r]
    files = {}
    for i, (_, r) in enumerate(rows):
        files["d%d/meta/main.yml" % i] = "dependencies: [%s]\n" % ("" if i in own_file else r)
        if i in own_file:
            files["d%d/meta/requirements.yml" % i] = "- %s\n" % r
    source = b.repository("asks", files)
    text = b.install("dependency", "- src: %s\n" % b.good + "".join(
        "- {src: %s, path: d%d}\n" % (source, i) for i in range(len(rows))), nothing=False,
        taken=["good"])
    for i, (h, r) in enumerate(rows):
        b.expect("dependency %s %s" % (h, r), text, r"^d%d: FAILED: .*meta/" % i)
        b.count(h, "dependency")
    left = set(os.listdir(b.roles)) - {"good", "neighbour", ".kelpie"}
    if left or not b.is_there("good"):
        b.say("dependency: made %s" % left)
    # A directory of this machine is what a playbook would take: left alone.
    for src in ("/etc", "/etc/passwd", b.top + "/outside"):
        b.role("left", "[{src: %s, name: x}]" % src)
        text = b.install("left", "- git+%s/left.git\n" % b.url, "-v", "-f", status=0,
                         nothing=False, taken=["left"])
        b.expect("left", text, "directory of this machine: not fetched")
        if b.is_there("x"):
            b.say("H028: %s was fetched" % src)
        b.count("H028", "dependency")
        subprocess.run(["rm", "-rf", b.repos + "/left.git"], check=True)
    b.empty()


def by_galaxy():
    """Versions, branches and places that a server names."""
    url = {"versions": ["v1"]}
    roles, want = {}, {}

    def ask(h, good, **role):
        name = "me.r%d" % len(roles)
        roles[name], want[name] = {**url, **role}, good
        b.count(h, "galaxy")

    for h, src in BAD:
        ask(h, False, versions=[{"name": "v1", "download_url": src}])
        ask(h, False, versions=[{"name": "v1", "source": src}])
    for src in ("file:///etc/passwd", "/etc/passwd", "../x", "git@h.invalid:x/y", "git://h.invalid/x",
                "ssh://h.invalid/x", "http://169.254.169.254/x.tar.gz", "http://[fe80::1]/x",
                "http://0xa9fea9fe/x"):
        ask("H028" if "169" not in src and "::" not in src else "H030", False,
            versions=[{"name": "v1", "download_url": src}])
    for v in VERSIONS + STEPS:
        # No list has such a version, and no branch is called so.
        ask("H034", False, versions=[{"name": v, "source": "%s/good.git" % b.url}])
        ask("H034", False, versions=[], github_user="me", github_repo="good", github_branch=v)
    for user in ("../..", "-x", "a/b", "a b", "a@h.invalid:x", "", ".", "x" * 101, "a\x1b[2J"):
        ask("H025", False, github_user=user, github_repo="good")
        ask("H025", False, github_user="me", github_repo=user)
    # A commit id that is none is not taken for one.
    ask("H035", True, versions=[{"name": "v1", "commit_sha": "--upload-pack=x",
                                 "source": "%s/good.git" % b.url}])
    ask("H029", True, versions=[{"name": "v1", "source": "git+%s/good.git" % b.url}])
    with open(GALAXY_FILE, "w") as f:
        f.write(inputs.galaxy(roles))
    text = b.kelpie("galaxy", "install", "-s", GALAXY, "-p", b.roles, *roles, status=1,
                    taken=list(roles), GIT_CONFIG_COUNT="1",
                    GIT_CONFIG_KEY_0="url.%s/.insteadOf" % b.url,
                    GIT_CONFIG_VALUE_0="https://github.com/me/")
    for name, good in want.items():
        if b.is_there(name) != good:
            b.say("galaxy: %s %s: %s" % (name, roles[name], text[-600:]))
    b.empty()


def asked():
    with open(NEAR_LOG) as f:
        return len(f.readlines())


def near():
    """H030 and H028: a role names no place that is nearer than itself."""
    local = "git+file://%s/good.git" % b.repos
    archive = b.t + "/good.tar.gz"
    world.write(b.t + "/pack/good/meta/main.yml", b"{}\n")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(b.t + "/pack/good", "good")
    near_port = NEAR.rpartition(":")[2]
    private = ["git+%s/good.git" % NEAR] + ["git+http://%s:%s/good.git" % (host, near_port) for host in (
        "localhost", "LOCALHOST.", "x.localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0",
        "[::1]", "[::ffff:127.0.0.1]", "user:pw@127.0.0.1")] + ["%s/good.tar.gz" % NEAR,
        "git+http://10.0.0.1/x.git", "http://192.168.0.1/x.tar.gz", "git@172.16.0.1:x.git"]
    link = ["http://169.254.169.254/latest/x.tar.gz", "git+http://0xa9fea9fe/x.git",
            "http://[fe80::1]/x.tar.gz", "http://[::ffff:169.254.169.254]/x.tar.gz",
            "git+http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460:%s/good.git" % near_port]
    here = [local, archive, "file://" + archive]
    files, rows = {}, private + link + here
    for i, src in enumerate(rows):
        files["n%d/meta/main.yml" % i] = "dependencies: [{src: %s, name: got%d}]\n" % (q(src), i)
    b.repository("near", files)
    # What is called "https://roles.example/" here is far away.
    far = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "url.%s/.insteadOf" % b.url,
           "GIT_CONFIG_VALUE_0": "https://roles.example/"}
    for way, base, may, env in (
            ("far", "git+https://roles.example", [], far),
            ("private", "git+" + b.url, private[:1], {}),
            ("local", "git+file://" + b.repos, private[:1] + here, {})):
        no = [i for i, src in enumerate(rows) if src not in may and not (
            way != "far" and src in private)]
        yes = [i for i, src in enumerate(rows) if src in may]
        before = asked()
        names = ["n%d" % i for i in no + yes]
        data = "".join("- {src: %s/near.git, path: %s}\n" % (base, n) for n in names)
        for _ in ("new", "in place"):
            text = b.install("near, " + way, data, nothing=False, taken=names + [
                "got%d" % i for i in yes], **env)
            for i in no:
                b.expect("near, %s %s" % (way, rows[i]), text, r"of role 'n%d': '" % i)
                if b.is_there("got%d" % i) or not b.is_there("n%d" % i):
                    b.say("near, %s: %s" % (way, rows[i]))
            for i in yes:
                if not b.is_there("got%d" % i):
                    b.say("near, %s: no %s: %s" % (way, rows[i], text[-600:]))
        for i in no + yes:
            b.count("H028" if rows[i] in here else "H030", "dependency (%s)" % way)
        if not may and asked() != before:
            b.say("near, %s: the server was asked" % way)
        b.empty()
    # The requirements file may name all of them.
    text = b.install("near, own", "- {src: 'git+%s/good.git', name: a}\n- {src: %s, name: b}\n"
                     "- {src: %s, name: c}\n" % (NEAR, local, archive), status=0, nothing=False,
                     taken=["a", "b", "c"])
    b.count("H029", "file", 3)
    # What it names decides, whatever a role from far away says.
    b.repository("far", {"meta/main.yml": "dependencies: [{src: 'git+%s/good.git', name: a}]\n" % NEAR})
    b.install("near, decides", "- {src: 'git+%s/good.git', name: a}\n"
              "- git+https://roles.example/far.git\n" % NEAR, status=0, nothing=False,
              taken=["far"], **far)
    b.count("H030", "file")
    b.empty()


def versions():
    """H035, H036, H038: what is a commit, and what is written is what counts."""
    git = ["git", "-C", b.repos + "/good.git"]
    commit = subprocess.run(git + ["rev-parse", "main"], check=True, capture_output=True,
                            text=True).stdout.strip()
    other = "%040d" % 7
    subprocess.run(git + ["update-ref", "refs/heads/" + other, "main"], check=True)
    subprocess.run(git + ["update-ref", "refs/tags/1.10", "main"], check=True)
    rows = [("H035", other, False), ("H035", commit, True), ("H035", commit.upper(), True),
            ("H036", commit[:10], True), ("H036", "0" * 10, False), ("H038", "1.10", True),
            ("H034", "v1~1", False), ("H034", "HEAD~9999999", False), ("H034", "nosuch", False)]
    files = {}
    for i, (_, v, _) in enumerate(rows):
        files["v%d/meta/main.yml" % i] = \
            "dependencies: [{src: '%s', version: %s, name: dep%d}]\n" % (b.good, v, i)
    source = b.repository("versions", files)
    for way, lines, prefix in (
            ("file", ["- {src: '%s', version: %s, name: own%d}\n" % (b.good, v, i)
                      for i, (_, v, _) in enumerate(rows)], "own"),
            ("dependency", ["- {src: %s, path: v%d}\n" % (source, i) for i in range(len(rows))],
             "dep")):
        names = ["%s%d" % (p, i) for i in range(len(rows)) for p in (prefix, "v")]
        b.install("versions", "".join(lines), nothing=False, taken=names)
        for i, (h, v, good) in enumerate(rows):
            if b.is_there("%s%d" % (prefix, i)) != good:
                b.say("versions: %s by %s" % (v, way))
            b.count(h, way)
        b.empty()


b.role("good")
for part in (by_file, by_command_line, by_pupfile, by_dependency, by_galaxy, near, versions):
    part()
b.end()
