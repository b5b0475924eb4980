"""goods.py - what good servers of a role say: packs, git's protocol, an
archive, a Galaxy's JSON.  network.py spoils it.

Everything is built here byte by byte and is the same each time: objects and
packs by gitformat-pack(5), lines by gitprotocol-common(5), answers by
gitprotocol-v2(5) and gitprotocol-pack(5).
"""
import gzip
import hashlib
import io
import json
import struct
import tarfile
import zlib

COMMIT, TREE, BLOB, TAG, OFS, REF = 1, 2, 3, 4, 6, 7
WORDS = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob"}

META = b"dependencies: []\n"
TASKS = b"- name: Say it\n  debug: {msg: new}\n"
# Something that does not become smaller, so that there is room for errors.
NOISE = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(96))
FILES = {"meta/main.yml": META, "tasks/main.yml": TASKS, "files/noise": NOISE}


# ---- objects ----

def object_id(kind, data):
    return hashlib.sha1(b"%s %d\0" % (WORDS[kind], len(data)) + data).hexdigest()


def head(kind, size):
    first, size = kind << 4 | size & 15, size >> 4
    out = bytearray()
    while size:
        out.append(first | 0x80)
        first, size = size & 0x7f, size >> 7
    return bytes(out) + bytes([first])


def entry(kind, data, base=b"", size=None):
    """One object as it stands in a pack; base is what a delta is against."""
    return head(kind, len(data) if size is None else size) + base + \
        zlib.compress(data, 1)


def pack(entries, count=None, version=2):
    body = b"PACK" + struct.pack(">II", version,
        len(entries) if count is None else count) + b"".join(entries)
    return body + hashlib.sha1(body).digest()


def varint(n):
    out = bytearray()
    while n > 0x7f:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def delta(base_size, size, ops):
    return varint(base_size) + varint(size) + ops


def copy_all(size):
    """The op that copies the first size bytes of the base (at most 64 KB)."""
    return b"\x80" if size == 0x10000 else b"\xb0" + struct.pack("<H", size)


class Role:
    """The objects of a commit with one tree a directory."""

    def __init__(self, files, message=b"x\n"):
        self.objects = []
        top = []
        for path in sorted(files):
            directory, _, name = path.partition("/")
            blob = self.add(BLOB, files[path])
            sub = self.add(TREE, b"100644 %s\0" % name.encode() +
                           bytes.fromhex(blob))
            top.append(b"40000 %s\0" % directory.encode() + bytes.fromhex(sub))
        self.tree = self.add(TREE, b"".join(top))
        self.commit = self.add(COMMIT, b"tree " + self.tree.encode() +
            b"\nauthor A <a@example.org> 1700000000 +0000\n"
            b"committer A <a@example.org> 1700000000 +0000\n\n" + message)
        self.objects.reverse()

    def add(self, kind, data):
        self.objects.append((kind, data))
        return object_id(kind, data)

    def entries(self):
        return [entry(kind, data) for kind, data in self.objects]


ROLE = Role(FILES)
OTHER_FILES = {**FILES,
               "tasks/main.yml": b"- name: Say it\n  debug: {msg: evil}\n"}
OTHER = Role(OTHER_FILES)
PACK = pack(ROLE.entries())


# ---- git's protocol ----

FLUSH = b"0000"
ZERO = "0" * 40


def line(text):
    data = text.encode() if isinstance(text, str) else text
    return b"%04x" % (len(data) + 4) + data


def band(number, data, piece=60000):
    return b"".join(line(bytes([number]) + data[at:at + piece])
                    for at in range(0, len(data), piece))


def refs(commit=ROLE.commit):
    """The answer to ls-refs."""
    return line(f"{commit} refs/tags/v1\n") + FLUSH


def advert(commit=ROLE.commit):
    """What is said first in the version of old."""
    caps = "side-band-64k ofs-delta shallow no-progress agent=git/2"
    return line(f"{commit} HEAD\0{caps}\n") + \
        line(f"{commit} refs/heads/main\n") + \
        line(f"{commit} refs/tags/v1\n") + FLUSH


GREETING = line("version 2\n") + line("agent=git/2\n") + \
    line("ls-refs=unborn\n") + line("fetch=shallow\n") + FLUSH


def fetched(data=PACK, old=False, before=b"", commit=ROLE.commit):
    """The answer with a pack; before it comes what the server says."""
    if old:
        begin = line(f"shallow {commit}\n") + FLUSH + line("NAK\n")
    else:
        begin = line("shallow-info\n") + line(f"shallow {commit}\n") + \
            b"0001" + line("packfile\n")
    return begin + before + band(1, data) + FLUSH


# ---- the others ----

def tar_gz(files=None):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, data in (files or FILES).items():
            info = tarfile.TarInfo("role-1/" + path)
            info.size, info.mtime = len(data), 1700000000
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(out.getvalue(), mtime=0)


ARCHIVE = tar_gz()


def galaxy_role(name):
    return json.dumps({"count": 1, "next_link": None, "results": [
        {"id": name, "github_user": "me", "github_repo": "nothing"}]}).encode()


def galaxy_versions(archive):
    return json.dumps({"count": 1, "next_link": None, "results": [
        {"name": "1.0.0", "download_url": archive}]}).encode()
