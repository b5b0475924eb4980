"""trees.py - repositories that no git would make.

Objects are written as raw bytes, so that names, modes and links can be
anything.  A repository is kept in memory and then put down as loose objects,
for git and file://, or as the pack that a server sends (gitserve.py sends a
raw.pack as it is).
"""
import hashlib
import os
import struct
import zlib

FILE, EXEC, LINK, DIR, SUB = b"100644", b"100755", b"120000", b"40000", b"160000"
KINDS = {b"commit": 1, b"tree": 2, b"blob": 3, b"tag": 4}
PERSON = b"A <a@example.org> 1700000000 +0000"


def pack_head(kind, size):
    """gitformat-pack(5): type and size, the least bits first."""
    byte, size, out = kind << 4 | size & 15, size >> 4, b""
    while size:
        out += bytes([byte | 0x80])
        byte, size = size & 0x7f, size >> 7
    return out + bytes([byte])


def pack_of(objects, count=None):
    """objects: (type, content), or bytes that are taken as they are."""
    out = b"PACK" + struct.pack(">II", 2, len(objects) if count is None else count)
    for o in objects:
        out += o if isinstance(o, bytes) else \
            pack_head(KINDS[o[0]], len(o[1])) + zlib.compress(o[1], 1)
    return out + hashlib.sha1(out).digest()


class Repo:
    def __init__(self):
        self.objects, self.head = {}, None

    def object(self, kind, data):
        raw = b"%s %d\0" % (kind, len(data)) + data
        oid = hashlib.sha1(raw).hexdigest()
        self.objects[oid] = kind, data
        return oid

    def blob(self, data):
        return self.object(b"blob", data)

    def tree(self, entries):
        """entries: (mode, name, id), as they come and in that order."""
        return self.object(b"tree", b"".join(
            mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries))

    def sorted_tree(self, entries):
        return self.tree(sorted(entries, key=lambda e: e[1] + (b"/" if e[0] == DIR else b"")))

    def commit(self, tree, person=PERSON, message=b"x\n"):
        self.head = self.object(b"commit", b"tree %s\nauthor %s\ncommitter %s\n\n%s" % (
            tree.encode(), person, person, message))

    def below(self, name):
        """A directory called name that holds one file."""
        return (DIR, name, self.tree([(FILE, b"config", self.blob(b"evil\n"))]))

    def loose(self, path):
        for sub in ("objects", "refs/heads", "refs/tags"):
            os.makedirs(os.path.join(path, sub))
        for oid, (kind, data) in self.objects.items():
            os.makedirs(os.path.join(path, "objects", oid[:2]), exist_ok=True)
            put(path, "objects/%s/%s" % (oid[:2], oid[2:]),
                zlib.compress(b"%s %d\0" % (kind, len(data)) + data, 1))
        put(path, "config", b"[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        self.refs(path)

    def refs(self, path):
        put(path, "HEAD", b"ref: refs/heads/main\n")
        put(path, "refs/heads/main", self.head.encode() + b"\n")

    def pack(self):
        return pack_of(list(self.objects.values()))

    def packed(self, path, pack=None):
        os.makedirs(os.path.join(path, "refs/heads"))
        put(path, "raw.pack", self.pack() if pack is None else pack)
        self.refs(path)


def put(path, name, data):
    with open(os.path.join(path, name), "wb") as f:
        f.write(data)
