#!/usr/bin/env python3
"""from.py - tars as nobody should have written them.

usage: from.py DIRECTORY GOOD COMMIT: into DIRECTORY goes one tar a fault, of
the files in the directory GOOD; COMMIT.pack is the one that it is about.
"""

import gzip
import io
import os
import sys
import tarfile

out, good, commit = sys.argv[1:]
PACK = commit + ".pack"
data = {name: open(os.path.join(good, name), "rb").read()
        for name in sorted(os.listdir(good))}


def member(name, size=0, kind=tarfile.REGTYPE, link=""):
    m = tarfile.TarInfo(name)
    m.size, m.type, m.linkname = size, kind, link
    return m


def tar(name, extra, leave=(PACK,), first=False, form=tarfile.PAX_FORMAT):
    """All files but those to leave out, and the extra members."""
    path = os.path.join(out, name + ".tar")
    with tarfile.open(path, "w", format=form) as t:
        def usual():
            for each, text in data.items():
                if each not in leave:
                    t.addfile(member(each, len(text)), io.BytesIO(text))
        if not first:
            usual()
        for m, text in extra:
            t.addfile(m, io.BytesIO(text))
        if first:
            usual()
    return path


def kind(name, kind, link=""):
    tar(name, [(member(PACK, kind=kind, link=link), b"")])


other = next(n for n in data if n.endswith(".pack") and n != PACK)
kind("link", tarfile.SYMTYPE, os.path.abspath(os.path.join(good, PACK)))
kind("hard_link", tarfile.LNKTYPE, other)
kind("device", tarfile.CHRTYPE)
kind("block_device", tarfile.BLKTYPE)
kind("pipe", tarfile.FIFOTYPE)
kind("directory", tarfile.DIRTYPE)
tar("swapped", [(member(PACK, len(data[other])), data[other])])
tar("twice", [(member(PACK, 3), b"bad"),
              (member(PACK, len(data[PACK])), data[PACK])])
tar("twice_lock", [(member("requirements.lock", 3), b"bad")], leave=(),
    first=True)
tar("link_then_file", [(member(PACK, kind=tarfile.SYMTYPE, link="evil"), b""),
                       (member("x", 4), b"evil")])
# What stands above, or elsewhere, lands nowhere but here.
tar("above", [(member("../../evil", 4), b"evil"),
              (member(os.path.abspath(out) + "/evil", 4), b"evil"),
              (member("../../" + PACK, 4), b"evil")])
tar("index_gone", [], leave=("index",))
tar("no_lock", [], leave=("requirements.lock",))
with open(tar("cut", [], leave=()), "r+b") as f:
    f.truncate(700)
path = tar("whole", [], leave=())
with open(path, "rb") as f, gzip.open(path + ".gz", "wb") as g:
    g.write(f.read())
os.rename(path + ".gz", os.path.join(out, "compressed.tar"))
os.unlink(path)

# A few bytes that say that they are very many: old GNU sparse format.
m = member(PACK, 512, tarfile.GNUTYPE_SPARSE)
head = bytearray(m.tobuf(tarfile.GNU_FORMAT))
head[386:386 + 24] = b"%011o\0%011o\0" % (0o377777777777 - 512, 512)
head[483:483 + 12] = b"%011o\0" % 0o377777777777
head[148:156] = b" " * 8
head[148:156] = b"%06o\0 " % sum(head)
path = tar("bomb", [])
with open(path, "rb") as f:
    body = f.read()
with open(path, "wb") as f:
    f.write(bytes(head) + b"x" * 512 + body)

# One that says it is larger than the file is.
with open(os.path.join(out, "liar.tar"), "wb") as f:
    f.write(member(PACK, 1 << 32).tobuf(tarfile.GNU_FORMAT) + b"x" * 1024)
with open(os.path.join(out, "zeros.tar"), "wb") as f:
    f.write(bytes(10240))
with open(os.path.join(out, "empty.tar"), "wb"):
    pass
with open(os.path.join(out, "noise.tar"), "wb") as f:
    f.write(os.urandom(4096))
