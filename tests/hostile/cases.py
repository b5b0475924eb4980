"""cases.py - what strangers might send: H041 to H095.

A case is a role with something odd in it, made as a git tree, a tar, a zip
and a directory, as far as each can hold it.  What becomes of it is one
letter a form: R refused, S taken and made safe, E either of them, - not made.
"""
import gzip
import os
import stat
import struct
import zipfile

import archives as a
import trees as t

EVIL = b"evil\n"
FORMS = ("tree", "tar", "zip", "dir")
# The numbers of the catalogue; what is left out of it has none.
NUMBERS = (41, 42, 44, 46, 47, 48, 50, 51, 52, 53, 54, 56, 57, 58, 60,
           61, 62, 63, 65, 66, 67, 69, 70, 71, 72, 74, 75, 76, 77, 78,
           80, 81, 82, 83, 86, 87, 89, 90, 91, 92, 93, 95)


class Node:
    """One entry: its path in parts, which may hold anything."""

    def __init__(self, kind, path, data=b"", mode=0o644, git=None):
        self.path = tuple(p if isinstance(p, bytes) else os.fsencode(p) for p in path)
        self.kind, self.data, self.mode, self.git = kind, data, mode, git


def F(*path, data=EVIL, mode=0o644, git=None):
    return Node("file", path, data, mode, git)


def L(*path, to):
    return Node("link", path, to if isinstance(to, bytes) else os.fsencode(to), 0o777)


def D(*path, mode=0o755):
    return Node("dir", path, b"", mode)


def H(*path, to):
    return Node("hard", path, to)


def special(kind, *path):
    return Node(kind, path)


SPECIAL = {"fifo": (a.FIFO, stat.S_IFIFO, b"10000"), "char": (a.CHAR, stat.S_IFCHR, b"20000"),
           "block": (a.BLOCK, stat.S_IFBLK, b"60000")}
META = F("meta", "main.yml", data=a.META)
TASKS = F("tasks", "main.yml", data=b"[]\n")


class Case:
    """want: form -> letter; make: form -> function; check: path -> what."""

    def __init__(self, name, want, nodes=(), meta=True, check=None, says=None, **more):
        self.name, self.check, self.says = name, check or {}, says
        # Beside what it names a path of the user's leads nowhere.
        self.inside = more.get("inside", True)
        self.nodes = ([META] if meta else []) + [TASKS] + list(nodes)
        self.want = {form: more.get(form, want) for form in FORMS}
        self.make = {"tree": self.tree, "tar": self.tar, "zip": self.zip, "dir": None}
        if "raw_tree" in more:
            self.make["tree"] = more["raw_tree"]
        if "raw_tar" in more:
            self.make["tar"] = more["raw_tar"]
        # Raw ones are for the forms that they are given for.
        if "raw_tree" in more or "raw_tar" in more:
            for form in FORMS:
                if "raw_" + form not in more:
                    self.want[form] = "-"
        elif not self.fits_directory():
            self.want["dir"] = "-"
        if any(n.kind == "hard" for n in self.nodes):
            self.want.update(tree="-", zip="-", dir="-")

    # ---- git ----

    def tree(self, repo):
        """The id of the role's own tree."""
        return self.git_level(repo, [(n, n.path) for n in self.nodes])

    def git_level(self, repo, nodes):
        entries, below = [], {}
        for node, path in nodes:
            if len(path) > 1:
                below.setdefault(path[0], []).append((node, path[1:]))
            elif node.kind == "dir":
                below.setdefault(path[0], [])
            else:
                entries.append(self.git_leaf(repo, node, path[0]))
        entries += [(t.DIR, name, self.git_level(repo, inner)) for name, inner in below.items()]
        return repo.sorted_tree(entries)

    def git_leaf(self, repo, node, name):
        if node.kind == "file":
            mode = node.git or (t.EXEC if node.mode & 0o100 else t.FILE)
        elif node.kind == "link":
            mode = t.LINK
        else:
            mode = SPECIAL[node.kind][2]
        return mode, name, repo.blob(node.data)

    # ---- archives ----

    def tar(self, top):
        return a.tar(*[self.tar_member(top, n) for n in self.nodes])

    def tar_member(self, top, node):
        path, long = b"/".join(node.path), b""
        path = path if path.startswith(b"/") else top + path
        data = node.data if node.kind == "file" else b""
        to = node.data if node.kind == "link" else b""
        if node.kind == "hard":
            to = node.data if node.data[:1] in b"/." else top + node.data
        if len(path) > 100:
            path, long = b"long", a.gnu_long(path)
        if len(to) > 100 or b"\0" in to:
            to, long = b"long", long + a.pax([(b"linkpath", to)])
        kind = {"file": a.FILE, "link": a.LINK, "dir": a.DIR, "hard": a.HARD}.get(
            node.kind) or SPECIAL[node.kind][0]
        return long + a.member(path + (b"/" if node.kind == "dir" else b""), data,
                               kind=kind, mode=node.mode, target=to)

    def zip(self, top):
        kinds = {"file": stat.S_IFREG, "link": stat.S_IFLNK, "dir": stat.S_IFDIR}
        members = []
        for n in self.nodes:
            path = b"/".join(n.path)
            path = path if path.startswith(b"/") else top + path
            kind = kinds.get(n.kind) or SPECIAL[n.kind][1]
            members.append((path + (b"/" if n.kind == "dir" else b""), n.data, kind | n.mode))
        return zipped(members)

    # ---- directories ----

    def fits_directory(self):
        paths = {n.path for n in self.nodes}
        inner = {p[:i] for p in paths for i in range(1, len(p))}
        return len(paths) == len(self.nodes) and not inner & {
            n.path for n in self.nodes if n.kind != "dir"} and all(
            part not in (b"", b".", b"..") and len(part) < 256 and
            b"/" not in part and b"\0" not in part
            for p in paths for part in p) and all(
            n.kind != "link" or (n.data and b"\0" not in n.data and len(n.data) < 4096)
            for n in self.nodes)

    def directory(self, top):
        os.makedirs(top)
        for n in self.nodes:
            path = os.path.join(os.fsencode(top), *n.path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if n.kind == "dir":
                os.mkdir(path)
            elif n.kind == "link":
                os.symlink(n.data, path)
            elif n.kind == "fifo":
                os.mkfifo(path)
            elif n.kind == "file":
                with open(path, "wb") as f:
                    f.write(n.data)
                os.chmod(path, n.mode)
            elif os.geteuid() == 0:
                # A device of no driver.
                os.mknod(path, SPECIAL[n.kind][1] | 0o600, os.makedev(241, 1))
        for n in self.nodes:
            if n.kind == "dir":
                os.chmod(os.path.join(os.fsencode(top), *n.path), n.mode)


class RawInfo(zipfile.ZipInfo):
    """A name of whatever bytes."""

    def _encodeFilenameFlags(self):
        return self.raw, self.flag_bits


def zipped(members):
    out = a.io.BytesIO()
    with a.warnings_off(), zipfile.ZipFile(out, "w") as z:
        for i, (name, data, mode) in enumerate(members):
            info = RawInfo("name%d" % i, (2023, 11, 14, 22, 13, 20))
            info.raw, info.create_system = name, 3
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, data)
    return out.getvalue()


# ---- git trees of which no entries could be said ----

def role_tree(*entries):
    def make(repo):
        main = repo.tree([(t.FILE, b"main.yml", repo.blob(b"[]\n"))])
        return repo.sorted_tree([e(repo) for e in entries] +
                                [(t.DIR, b"meta", main), (t.DIR, b"tasks", main)])
    return make


def bomb(repo):
    tree = repo.tree([(t.FILE, b"f%d" % i, repo.blob(b"x")) for i in range(10)])
    for _ in range(9):
        tree = repo.tree([(t.DIR, b"d%d" % i, tree) for i in range(10)])
    return t.DIR, b"bomb", tree


def deep(levels):
    def make(repo):
        tree = repo.tree([(t.FILE, b"f", repo.blob(b"x"))])
        for _ in range(levels):
            tree = repo.tree([(t.DIR, b"d", tree)])
        return t.DIR, b"deep", tree
    return make


def many(repo):
    blob = repo.blob(b"")
    return t.DIR, b"many", repo.tree([(t.FILE, b"%06d" % i, blob) for i in range(20001)])


def blob_entry(mode, name, data=EVIL):
    return lambda repo: (mode, name, repo.blob(data))


def below(name):
    return lambda repo: repo.below(name)


def itself(repo):
    """A blob's id where a tree's should be."""
    return t.DIR, b"d", repo.blob(b"x")


def raw(name, want, *entries, **more):
    return Case(name, want, raw_tree=role_tree(*entries), **more)


# ---- gzip ----

def gzip_many(piece, times):
    """So many gzip members in a row are one file."""
    return gzip.compress(piece, mtime=0) * times


def zeros(size):
    """A tar with one file of so many zeros, a thousandth of that large."""
    step = 16 << 20
    return lambda top: gzip.compress(a.role(top=top)[:-1024] + a.header(
        top + b"zeros", size=size), mtime=0) + gzip_many(bytes(step), size // step) + \
        gzip.compress(a.END, mtime=0)


def many_members(top):
    return gzip.compress(a.role(*[a.header(top + b"%d" % i) for i in range(20001)], top=top), 1)


def raw_tar(name, want, make, **more):
    return Case(name, want, raw_tar=make, **more)


def packed(make):
    return lambda top: gzip.compress(make(top), mtime=0)


def git_cases(outside):
    """9.3: what a tree may hold."""
    gone = lambda repo: (t.FILE, b"gone", "12" * 20)
    modules = F(".gitmodules", data=b'[submodule "-u./x"]\n\tpath = -u./x\n\turl = ./x\n')
    return [
        Case("H041-up", "R", [F("..", "config")]),
        Case("H041-up-file", "R", [F("..")]),
        Case("H041-up-inside", "R", [F("tasks", "..", "..", "config")]),
        *[Case("H042-" + word, "R", [F(name, "config")], dir=at) for word, name, at in (
            ("git", ".git", "S"), ("GIT", ".GIT", "R"), ("short", "git~1", "R"),
            ("dot", ".git.", "R"), ("blank", ".git ", "R"), ("stream", ".git::$DATA", "R"),
            ("ignorable", ".g\u200cit", "R"), ("inside", "tasks/.giT", "R"))
          if "/" not in name],
        Case("H042-below", "R", [F("files", ".Git", "config")]),
        Case("H042-file", "R", [F(".git", data=b"gitdir: /tmp\n")], dir="S"),
        Case("H042-link", "R", [L(".git", to="tasks")], dir="S"),
        Case("H044-slash-up", "R", [F("../../outside/escape")]),
        Case("H044-slash", "R", [F("a/b")], tar="S", zip="S"),
        # As tar(1) takes it, without the slash: beside the role, left out.
        Case("H044-absolute", "R", [F(outside + b"/escape")], tar="S", zip="S", inside=False),
        raw("H046-link-and-directory", "R", blob_entry(t.LINK, b"d", b"../../outside"), below(b"d")),
        Case("H046-link-and-below", "R", [L("d", to="../../outside"), F("d", "config")],
             tree="-"),
        Case("H046-inner-link-and-below", "R", [L("d", to="tasks"), F("d", "config")], tree="-"),
        raw("H047-submodule", "S", lambda r: (t.SUB, b"sub", "ab" * 20),
            blob_entry(t.FILE, b".gitmodules", modules.data), check={"sub": "dir"}),
        raw("H047-submodule-up", "R", lambda r: (t.SUB, b"..", "ab" * 20)),
        Case("H047-modules-alone", "S", [modules]),
        # Attributes are a matter of git; a filter is never run.
        Case("H048-attributes", "S", [
            F(".gitattributes", data=b"c eol=crlf\ni ident\nf filter=lfs diff=lfs -text\n"),
            F("c", data=b"1\n"), F("i", data=b"$Id$\n"), F("f", data=b"version lfs\n")],
            check={"f": b"version lfs\n"}),
        Case("H048-attributes-long", "S", [F(".gitattributes", data=b"*" * 99999 + b" text\n" +
                                             b"[attr]x x\n" * 999)]),
        Case("H048-attributes-link", "S", [L(".gitattributes", to="tasks/main.yml")]),
        *[raw("H049-" + kind + "-twice", "R", *[make] * 2) for kind, make in (
            ("directory", below(b"d")), ("file", blob_entry(t.FILE, b"f")))],
        Case("H049-long", "R", [F("x" * 256)]),
        Case("H049-longest", "S", [F("x" * 255)]),
        *[Case("H050-" + bits, "R", [F("f", mode=int(bits, 8), git=b"10" + bits.encode())],
               tar="S", zip="S", dir="S", check={"f": 0o755})
          for bits in ("4755", "2755", "1755", "6711")],
        *[Case("H051-" + bits, "S", [F("f", mode=int(bits, 8), git=b"100" + bits.encode())],
               check={"f": mode}) for bits, mode in (
            ("777", 0o755), ("666", 0o644), ("664", 0o644), ("600", 0o644), ("711", 0o755))],
        *[raw("H052-" + mode.decode(), "R", blob_entry(mode, b"f")) for mode in (
            b"140000", b"0", b"20000", b"60000", b"10000", b"1006440", b"644", b"-100644")],
        Case("H053-absolute", "R", [L("l", to=outside + b"/victim")]),
        Case("H053-out", "R", [L("l", to="../neighbour/tasks")]),
        Case("H053-far-out", "R", [L("l", to="../" * 40 + "etc/passwd")]),
        Case("H053-down-and-out", "R", [L("l", to="tasks/../../neighbour")]),
        Case("H053-up-and-back", "R", [L("tasks", "l", to="../../outside/victim")]),
        Case("H053-long", "R", [L("l", to=b"x" * 100000)]),
        Case("H053-1025", "R", [L("l", to=b"x/" * 512 + b"x")]),
        Case("H053-1024", "S", [L("l", to=b"x/" * 511 + b"xx")]),
        # A name of libarchive's ends where its first NUL stands.
        Case("H053-nul", "R", [L("l", to=b"tasks\0/../../x")], tar="E", zip="E"),
        Case("H053-empty", "R", [L("l", to=b"")], tar="E", zip="E"),
        Case("H053-inside", "S", [L("l", to="tasks/main.yml")], check={"l": ("tasks/main.yml",)}),
        # In an archive that is one more way to say the same directory.
        Case("H054-dot", "R", [F(".", "config")], tar="S", zip="S"),
        Case("H054-empty", "R", [F("")], tar="E", zip="E"),
        Case("H056-case", "S", [F("Tasks", "main.yml", data=b"# big\n")],
             check={"Tasks/main.yml": b"# big\n", "tasks/main.yml": b"[]\n"}),
        raw("H057-bomb", "R", bomb, says="--max-files"),
        raw("H058-deep", "R", deep(300), says="--max-depth"),
        raw("H058-very-deep", "R", deep(3000), says="--max-depth", inside=False),
        Case("H058-path", "R", [F(*["d"] * 33, "f")], says="--max-depth"),
        Case("H058-at-the-limit", "E", [F(*["d"] * 31, "f")]),
        Case("H060-no-meta", "R", meta=False),
        Case("H060-meta-link", "R", [L("meta", to=outside)], meta=False),
        Case("H060-meta-link-inside", "E", [L("meta", to="tasks")], meta=False),
        Case("H060-main-link", "R", [L("meta", "main.yml", to=outside + b"/victim")], meta=False),
        Case("H060-main-link-inside", "E", [L("meta", "main.yml", to="../tasks/main.yml")],
             meta=False),
        Case("H060-main-directory", "R", [F("meta", "main.yml", "config")], meta=False),
        raw("H060-missing-blob", "R", gone),
        raw("H060-blob-as-tree", "R", itself),
        raw("H060-tree-as-blob", "R", lambda r: (t.FILE, b"f", r.tree([]))),
    ]


def link_cases(outside):
    """9.4: links and special files."""
    victim = outside + b"/victim"
    info = ("meta", ".galaxy_install_info")
    sneak = [L("d1", "d2", "d3", "a", to="../../.."), L("b", to="d1/d2/d3/a/../x")]
    return [
        Case("H061-up", "R", [F("..", "..", "outside", "escape")]),
        Case("H062-absolute", "R", [F(victim)], tar="S", zip="S", inside=False),
        Case("H062-absolute-link", "R", [L(victim, to=b"x")], tar="S", zip="S",
             inside=False),
        Case("H063-link-then-file", "R", [L("d", to=outside), F("d", "victim")], tree="-"),
        Case("H063-chain", "R", [L("x", to="."), L("up", to="x/.."), F("up", "f")], tree="-"),
        raw("H065-link-and-file", "R", blob_entry(t.LINK, b"f", victim), blob_entry(t.FILE, b"f")),
        Case("H065-link-then-file", "R", [L("f", to="../../outside/victim"), F("f")], tree="-"),
        Case("H065-file-then-link", "R", [F("f"), L("f", to="tasks/main.yml")], tree="-"),
        Case("H066-hard-absolute", "R", [H("h", to=victim)]),
        raw_tar("H066-hard-data", "R", lambda top: a.role(
            a.hard(top + b"h", victim, size=len(EVIL)) + a.padded(EVIL), top=top)),
        Case("H067-hard-up", "R", [H("h", to=b"../../outside/victim")]),
        Case("H067-hard-through-link", "R", [L("d", to="tasks"), H("h", to=b"d/main.yml")]),
        Case("H069-hard", "S", [H("h", to=b"tasks/main.yml")], check={"h": b"[]\n"}),
        Case("H069-hard-of-link", "S", [L("l", to="tasks/main.yml"), H("h", to=b"l")],
             check={"h": ("tasks/main.yml",)}),
        # Not made, and told with -v.
        Case("H070-char", "S", [special("char", "null")], tree="R", check={"null": None}),
        Case("H070-block", "S", [special("block", "sda")], tree="R", check={"sda": None}),
        Case("H071-fifo", "S", [special("fifo", "tasks", "pipe")], tree="R", zip="-",
             check={"tasks/pipe": None}),
        Case("H071-fifo-meta", "R", [special("fifo", "meta", "main.yml")], meta=False, zip="-"),
        # A zip holds its bytes, so it is a file.
        Case("H071-fifo-file", "S", [special("fifo", "tasks", "pipe")], tree="-", tar="-",
             dir="-", check={"tasks/pipe": "file"}),
        Case("H072-info-link-out", "R", [L(*info, to="../../../outside/victim")]),
        Case("H072-info-link-absolute", "R", [L(*info, to=victim)]),
        Case("H072-info-link-inside", "S", [L(*info, to="../tasks/main.yml")],
             check={"tasks/main.yml": b"[]\n", "/".join(info): "file"}),
        Case("H072-info", "S", [F(*info, data=b"{version: evil}\n")],
             check={"/".join(info): "file"}),
        Case("H072-info-directory", "E", [F(*info, "config")]),
        Case("H074-loop", "S", [L("a", to="b"), L("b", to="a")], check={"a": ("b",)}),
        Case("H074-itself", "S", [L("a", to="a")]),
        Case("H074-dangling", "S", [L("a", to="nowhere")]),
        Case("H074-sneak", "R", sneak, says="link 'b'"),
        Case("H074-sneak-order", "R", sneak[::-1], says="link 'b'"),
        Case("H074-up-alone", "S", sneak[:1]),
        Case("H075-good", "S", [L("handlers", "main.yml", to="../tasks/main.yml"),
                                L("link", to="tasks"), L("here", to="."),
                                L("files", "up", to="..")],
             check={"handlers/main.yml": ("../tasks/main.yml",), "here": (".",)}),
    ]


def closed(top):
    return a.role(a.directory(top + b"closed", 0), a.member(top + b"closed/f", EVIL, mode=0),
                  top=top)


def attributes(top):
    return a.role(a.pax([(b"SCHILY.xattr.security.capability", b"\1\0\0\2" + b"\xff" * 16),
                         (b"SCHILY.xattr.user.evil", b"y"),
                         (b"LIBARCHIVE.xattr.user.evil", b"eQ=="),
                         (b"SCHILY.acl.access", b"user::rwx,user:65534:rwx,group::rwx,"
                                                b"mask::rwx,other::rwx"),
                         (b"SCHILY.acl.default", b"user::rwx,group::rwx,other::rwx"),
                         (b"SCHILY.fflags", b"immutable,append")]),
                  a.member(top + b"f", EVIL), top=top)


def owners(top):
    return a.role(a.pax([(b"mtime", b"-9999999999.5"), (b"uid", b"0"), (b"uname", b"root")]),
                  a.member(top + b"old", EVIL, uid=0),
                  a.pax([(b"mtime", b"253402300799"), (b"atime", b"99999999999999999999")]),
                  a.member(top + b"new", EVIL, uid=-1), top=top)


def disagree(top):
    """Two lengths for one file: a second reader would see another archive."""
    inner = a.member(top + b"hidden", EVIL)
    return a.role(a.pax([(b"size", b"%d" % len(inner))]),
                  a.header(top + b"f", size=0) + inner, top=top)


def renamed(change, compress=gzip.compress):
    return lambda top: change(compress(a.role(top=top)))


def archive_cases(outside):
    """9.5: bombs and odd archives."""
    good = lambda top: a.role(top=top)
    cut = lambda n: lambda data: data[:n]
    first = lambda top: a.role(top=b"first/")[:-1024]
    return [
        raw_tar("H076-4GiB", "R", zeros(4 << 30), says="--max-file-bytes"),
        raw("H076-blob", "R", lambda r: (t.FILE, b"z", r.blob(bytes((256 << 20) + 1))),
            says="--max-file-bytes", inside=False),
        raw_tar("H077-8TiB", "R", lambda top: a.role(a.sparse(top + b"s", 8 << 40, b"x"), top=top),
                says="--max-file-bytes"),
        raw_tar("H077-1PiB", "R", lambda top: a.role(a.sparse(top + b"s", 1 << 50, b""), top=top),
                says="--max-file-bytes"),
        raw_tar("H077-hole", "S", lambda top: a.role(a.sparse(top + b"s", 3000, b"x"), top=top)),
        raw_tar("H078-many", "R", many_members, says="--max-files"),
        raw("H078-many-entries", "R", many, says="--max-files"),
        raw_tar("H080-six-times", "R", lambda top: a.six_times(a.role(top=top)),
                says="more than once"),
        raw_tar("H080-twice", "R", lambda top: a.bz2.compress(gzip.compress(a.role(top=top))),
                says="more than once"),
        Case("H081-modes", "S", [F("a", mode=0o6777), F("b", mode=0o1666), F("c", mode=0),
                                 F("d", mode=0o7777)], tree="-", dir="-",
             check={"a": 0o755, "b": 0o644, "c": 0o644, "d": 0o755}),
        raw_tar("H081-closed", "S", closed, check={"closed": 0o755, "closed/f": 0o644}),
        Case("H081-sticky-directory", "S", [D("d", mode=0o7777)], tree="-",
             check={"d": 0o755}),
        raw_tar("H082-attributes", "S", attributes, check={"f": EVIL}),
        raw_tar("H083-owners", "S", owners),
        raw_tar("H084-two-lengths", "E", disagree),
        Case("H086-hook", "R", [F(".git", "hooks", "post-checkout", mode=0o755)], dir="S"),
        Case("H086-fsmonitor", "R", [F(".git", "config", data=b"[core]\nfsmonitor = touch x\n")],
             dir="S"),
        *[Case("H087-" + word, "R", [F("files", name)]) for word, name in (
            ("escape", "a\x1b]0;title\x07b"), ("newline", "a\nb"), ("return", "a\r"),
            ("tab", "a\tb"), ("delete", "a\x7f"))],
        Case("H087-backslash", "S", [F("home-user\\x2dname.mount")], zip="E"),
        Case("H087-backslash-git", "R", [F("a\\.git")], zip="E"),
        Case("H087-clear", "R", [F("\x1b[2J\x1b[H", "x")]),
        Case("H087-c1", "E", [F("\u009b2J")], says=None),
        Case("H087-bidi", "E", [F("a\u202etxt.exe")]),
        Case("H087-bidi-refused", "R", [L("a\u202ex\u2066", to="/\u202e\u009b\x1b[31m")]),
        Case("H087-bytes", "S", [F(b"latin-\xe4"), F(b"\xff\xfe")], zip="E",
             check={b"latin-\xe4": EVIL}),
        raw_tar("H087-nul", "E", lambda top: a.role(a.pax(
            [(b"path", top + b"tasks/x\0/../../../outside/escape")]), a.member(b"x", EVIL),
            top=top)),
        Case("H088-words", "S", [F("files", n, data=n.encode()) for n in (
            "-rf", "$(id)", "`id`", "a b", "'q\"", "*", "~", ";", "CON", "a:b", "...")],
            zip="S"),
        raw_tar("H089-two", "R", lambda top: first(top) + a.role(top=b"second/"), says="path:"),
        raw_tar("H089-none", "S", lambda top: a.role(top=b"")),
        raw_tar("H089-dot", "S", lambda top: a.role(top=b"./")),
        raw_tar("H089-beside", "S", lambda top: a.tar(
            a.member(b"p/meta/main.yml", a.META), a.member(b"README", EVIL),
            a.member(b"other/x", EVIL), a.member(b"p/tasks/main.yml", b"[]\n")),
            check={"README": None, "other": None}),
        raw_tar("H089-no-role", "R", lambda top: a.tar(a.member(b"p/x", EVIL))),
        raw_tar("H090-empty-gz", "R", lambda top: gzip.compress(b"")),
        raw_tar("H090-empty", "R", lambda top: b"", says="0 bytes"),
        raw_tar("H090-random", "R", lambda top: bytes(i * i % 251 for i in range(5000))),
        raw_tar("H090-page", "R", lambda top: b"<!DOCTYPE html><title>\x1b[31mLog in</title>\n",
                says="HTML page"),
        raw_tar("H090-end-alone", "R", lambda top: a.END),
        raw_tar("H091-cut-gz", "R", renamed(cut(-9))),
        raw_tar("H091-cut-gz-early", "R", renamed(cut(100))),
        raw_tar("H091-cut-tar", "R", lambda top: a.role(top=top)[:1700]),
        raw_tar("H091-no-end", "R", lambda top: a.role(top=top)[:-1024]),
        raw_tar("H091-checksum", "R", lambda top: a.changed(a.role(top=top), 1024 + 9, 1)),
        raw_tar("H091-checksum-zeros", "R", lambda top: a.role(top=top)[:1024] + bytes(100) +
                a.role(top=top)[1124:]),
        raw_tar("H092-garbage", "S", lambda top: a.role(top=top) + b"garbage" * 999),
        raw_tar("H092-garbage-gz", "S", renamed(lambda data: data + b"garbage" * 99)),
        raw_tar("H092-second-tar", "S", lambda top: a.role(top=top) + a.tar(
            a.member(top + b"second", EVIL)), check={"second": None}),
        *[raw_tar("H093-" + word, "R", lambda top, data=data: data, says="no archive")
          for word, data in FORMATS.items()],
        raw_tar("H095-other-role", "S", lambda top: a.role(top=b"neighbour/")),
        raw_tar("H095-kelpie", "S", lambda top: a.role(top=b".kelpie/stage/")),
    ]


AS_IS = "-as-it-is"
FORMATS = {
    "cpio": b"070701" + b"0" * 104 + b"TRAILER!!!\0",
    "old-cpio": struct.pack("<H", 0o70707) + bytes(24) + b"TRAILER!!!\0\0",
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
    "rar": b"Rar!\x1a\x07\0" + bytes(100),
    "rar5": b"Rar!\x1a\x07\1\0" + bytes(100),
    "xar": b"xar!" + bytes(100),
    "iso": b"x" * 32769 + b"CD001\1" + bytes(4096),
    "ar": b"!<arch>\nmeta/           0           0     0     644     0         `\n",
    "cab": b"MSCF" + bytes(100),
    "lha": b"\x1f\x00-lh5-" + bytes(100),
    "warc": b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n",
    "mtree": b"#mtree\n./meta/main.yml type=file contents=/etc/passwd\n",
    "uu": b"begin 644 x.tar\nend\n",
    "lz4": b"\x04\x22\x4d\x18" + bytes(100),
    "lzip": b"LZIP\1" + bytes(100),
    "compress": b"\x1f\x9d\x90" + bytes(100),
    "lzop": b"\x89LZO\0\r\n\x1a\n" + bytes(100),
    "lrzip": b"LRZI\0\6" + bytes(100),
}


def more_archives():
    """Those of archives.py, which say themselves what is wrong with them."""
    made = [raw_tar(name + AS_IS, "R", lambda top, data=data: data, says=says)
            for name, (data, says) in a.REFUSED.items()]
    return made + [raw_tar(name + AS_IS, "S", lambda top, data=data: data)
                   for name, data in a.TAKEN.items()]


def all_cases(outside):
    return git_cases(outside) + link_cases(outside) + archive_cases(outside) + more_archives()
