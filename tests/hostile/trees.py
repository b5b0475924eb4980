#!/usr/bin/env python3
"""trees.py REPOS WHAT... - bare repositories that no git would make.

Objects are written as raw bytes, so that names, modes and links can be
anything.  WHAT is "refused", "taken" or "unservable": which sets to make.
Prints the names.  All have a main branch, and a meta/main.yml of their own
so that it is the hostile part that decides.
"""
import hashlib
import os
import sys
import zlib

FILE, EXEC, LINK, DIR, SUB = b"100644", b"100755", b"120000", b"40000", b"160000"


class Repo:
    def __init__(self, top, name):
        self.path = os.path.join(top, name + ".git")
        for sub in ("objects", "refs/heads", "refs/tags"):
            os.makedirs(os.path.join(self.path, sub))
        self.put("HEAD", b"ref: refs/heads/main\n")
        self.put("config", b"[core]\n\trepositoryformatversion = 0\n\tbare = true\n")

    def put(self, name, data):
        with open(os.path.join(self.path, name), "wb") as f:
            f.write(data)

    def object(self, kind, data):
        raw = b"%s %d\0" % (kind, len(data)) + data
        oid = hashlib.sha1(raw).hexdigest()
        directory = "objects/" + oid[:2]
        os.makedirs(os.path.join(self.path, directory), exist_ok=True)
        self.put(directory + "/" + oid[2:], zlib.compress(raw, 1))
        return oid

    def blob(self, data):
        return self.object(b"blob", data)

    def tree(self, entries):
        """entries: (mode, name, id), as they come and in that order."""
        return self.object(b"tree", b"".join(
            mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries))

    def role(self, *entries, meta=True):
        """A commit of the entries; meta and tasks are added in order."""
        main = self.tree([(FILE, b"main.yml", self.blob(b"[]\n"))])
        entries = list(entries)
        if meta:
            entries += [(DIR, b"meta", main)]
        entries += [(DIR, b"tasks", main)]
        order = lambda e: e[1] + (b"/" if e[0] == DIR else b"")
        commit = self.object(b"commit", b"tree " + self.tree(sorted(entries, key=order)).encode() +
            b"\nauthor A <a@example.org> 1700000000 +0000\n"
            b"committer A <a@example.org> 1700000000 +0000\n\nx\n")
        self.put("refs/heads/main", commit.encode() + b"\n")

    def below(self, name):
        """A directory called name that holds one file."""
        return (DIR, name, self.tree([(FILE, b"config", self.blob(b"evil\n"))]))


def link(target):
    return lambda r: r.role((LINK, b"link", r.blob(target)))


def directory(name):
    return lambda r: r.role(r.below(name))


def name(text):
    return lambda r: r.role((FILE, text, r.blob(b"evil\n")))


def mode(bits):
    return lambda r: r.role((bits, b"file", r.blob(b"evil\n")))


def bomb(r):
    tree = r.tree([(FILE, b"f%d" % i, r.blob(b"x")) for i in range(10)])
    for _ in range(9):
        tree = r.tree([(DIR, b"d%d" % i, tree) for i in range(10)])
    r.role((DIR, b"bomb", tree))


def deep(levels):
    def make(r):
        tree = r.tree([(FILE, b"f", r.blob(b"x"))])
        for _ in range(levels):
            tree = r.tree([(DIR, b"d", tree)])
        r.role((DIR, b"deep", tree))
    return make


def link_and_directory(r):
    r.role((LINK, b"d", r.blob(b"../outside")), r.below(b"d"))


def directory_twice(r):
    r.role(r.below(b"d"), r.below(b"d"))


def file_twice(r):
    r.role((FILE, b"f", r.blob(b"a")), (FILE, b"f", r.blob(b"b")))


def climb(r):
    """b goes through a, which leads up to the root: outside."""
    a = r.tree([(LINK, b"a", r.blob(b"../../.."))])
    d = r.tree([(DIR, b"d3", a)])
    r.role((DIR, b"d1", r.tree([(DIR, b"d2", d)])), (LINK, b"b", r.blob(b"d1/d2/d3/a/../x")))


def meta_link(r):
    r.role((LINK, b"meta", r.blob(b"/etc")), meta=False)


def meta_directory(r):
    inner = r.tree([r.below(b"main.yml")])
    r.role((DIR, b"meta", inner), meta=False)


def missing_blob(r):
    r.role((FILE, b"gone", "12" * 20))


REFUSED = {
    "H041-up": directory(b".."),
    "H041-up-file": name(b".."),
    "H042-git": directory(b".git"),
    "H042-GIT": directory(b".GIT"),
    "H042-git-file": name(b".git"),
    "H042-short": directory(b"git~1"),
    "H042-dot": directory(b".git."),
    "H042-blank": directory(b".git "),
    "H042-stream": directory(b".git::$INDEX_ALLOCATION"),
    "H042-ignorable": directory(".g\u200cit".encode()),
    "H044-slash-up": name(b"../../escape"),
    "H044-slash": name(b"a/b"),
    "H044-absolute": name(b"/tmp/kelpie-escape"),
    "H045-newline": name(b"a\nb"),
    "H045-escape": name(b"a\x1b]0;title\x07b"),
    "H045-return": name(b"a\r"),
    "H045-backslash": name(b"a\\b"),
    "H046-link-and-directory": link_and_directory,
    "H049-long": name(b"x" * 256),
    "H049-directory-twice": directory_twice,
    "H049-file-twice": file_twice,
    "H053-absolute": link(b"/etc/passwd"),
    "H053-out": link(b"../outside"),
    "H053-far-out": link(b"../../../../../../etc/passwd"),
    "H053-down-and-out": link(b"tasks/../../outside"),
    "H053-long": link(b"x" * 100000),
    "H053-nul": link(b"tasks\0/../../x"),
    "H053-empty": link(b""),
    "H054-dot": directory(b"."),
    "H057-bomb": bomb,
    "H058-deep": deep(300),
    "H060-meta-link": meta_link,
    "H060-meta-directory": meta_directory,
    "H060-no-meta": lambda r: r.role(meta=False),
    "H074-climb": climb,
}
# What may be refused or made harmless, as one likes.
EITHER = {
    "H050-setuid": mode(b"104755"),
    "H050-setgid": mode(b"102755"),
    "H052-odd": mode(b"140000"),
    "H052-zero": mode(b"0"),
    "H058-very-deep": deep(3000),
}
TAKEN = {
    "H047-submodule": lambda r: r.role(
        (FILE, b".gitmodules", r.blob(b'[submodule "-u./x"]\n\tpath = -u./x\n\turl = ./x\n')),
        (SUB, b"sub", "ab" * 20)),
    "H051-777": mode(b"100777"),
    "H051-666": mode(b"100666"),
    "H051-664": mode(b"100664"),
    "H056-case": lambda r: r.role(r.below(b"Tasks")),
    "H053-inside": link(b"tasks/main.yml"),
    "H074-dangling": link(b"nowhere"),
    "H074-loop": link(b"link"),
    "H075-self": link(b"."),
    "H075-directory": link(b"tasks"),
}
# git itself gives up on these when it is asked to serve them.
UNSERVABLE = {
    "H054-empty": name(b""),
    "H060-missing-blob": missing_blob,
}


def main():
    sets = {"refused": REFUSED, "either": EITHER, "taken": TAKEN, "unservable": UNSERVABLE}
    for what in sys.argv[2:]:
        for role, make in sets[what].items():
            make(Repo(sys.argv[1], role))
            print(role)


main()
