#!/usr/bin/env python3
"""archives.py DIR WHAT - archives as nobody should make them.

WHAT is "taken", "refused", "bombs" or "seeds".  Writes the archives of that kind into
DIR and prints a line for each: its name, and for a refused one a TAB and a
pattern that the message has.  Headers are written byte by byte, so that
names, sizes and types can be anything; each of the refused has a role in it,
so that it is the odd part that decides.  "seeds" are small ones of every
format, for a fuzzer to begin with.
"""
import bz2
import contextlib
import gzip
import io
import lzma
import os
import stat
import struct
import sys
import warnings
import zipfile

META = b"dependencies: []\n"
FILE, HARD, LINK, CHAR, BLOCK, DIR, FIFO = b"0", b"1", b"2", b"3", b"4", b"5", b"6"


# ---- tar, byte by byte: POSIX.1-2001 pax, "ustar Interchange Format" ----

def number(value, width):
    """Octal, or GNU's base-256 for what does not fit, negative ones too."""
    if 0 <= value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    return bytes([0xff if value < 0 else 0x80]) + \
        (value & (1 << 8 * (width - 1)) - 1).to_bytes(width - 1, "big")


def header(name, kind=FILE, size=0, mode=0o644, target=b"", prefix=b"",
           magic=b"ustar\00000", uid=0, tail=b""):
    h = name.ljust(100, b"\0") + number(mode, 8) + number(uid, 8) + \
        number(0, 8) + number(size, 12) + number(1700000000, 12) + \
        b" " * 8 + kind + target.ljust(100, b"\0") + magic + \
        b"root".ljust(32, b"\0") + b"root".ljust(32, b"\0") + \
        number(0, 8) + number(0, 8)
    h = (h + (tail or prefix.ljust(155, b"\0"))).ljust(512, b"\0")
    return h[:148] + b"%06o\0 " % sum(h) + h[156:]


def padded(data):
    return data + b"\0" * (-len(data) % 512)


def member(name, data=b"", **more):
    return header(name, size=len(data), **more) + padded(data)


def directory(name, mode=0o755):
    return header(name, DIR, mode=mode)


def link(name, target):
    return header(name, LINK, target=target, mode=0o777)


def hard(name, target, **more):
    return header(name, HARD, target=target, **more)


def pax(records, kind=b"x"):
    """An extended header for the member that follows."""
    text = b""
    for key, value in records:
        line = b" " + key + b"=" + value + b"\n"
        n = len(line)
        while len(b"%d" % n) + len(line) != n:
            n = len(b"%d" % n) + len(line)
        text += b"%d" % n + line
    return member(b"pax", text, kind=kind)


def gnu_long(name, kind=b"L"):
    return member(b"././@LongLink", name + b"\0", kind=kind)


END = b"\0" * 1024


def tar(*members):
    return b"".join(members) + END


def role(*more, top=b"p/", meta=b"meta/main.yml"):
    return tar(member(top + meta, META),
               member(top + b"tasks/main.yml", b"[]\n"), *more)


# ---- others ----

@contextlib.contextmanager
def warnings_off():
    """A name that is there twice is meant."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """(name, data, mode) each, the mode with its type."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data, mode in members:
            info = zipfile.ZipInfo(name, (2023, 11, 14, 22, 13, 20))
            info.create_system = 3
            info.external_attr = mode << 16
            info.compress_type = method
            z.writestr(info, data)
    return out.getvalue()


PLAIN = stat.S_IFREG | 0o644


def zip_role(*more, **how):
    return zipped(("p/meta/main.yml", META, PLAIN),
                  ("p/tasks/main.yml", b"[]\n", PLAIN), *more, **how)


def zst(data):
    """A zstd frame of blocks that are stored as they are: RFC 8878."""
    out = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data))
    blocks = [data[i:i + 100000] for i in range(0, len(data), 100000)]
    for i, block in enumerate(blocks):
        last = i == len(blocks) - 1
        out += struct.pack("<I", len(block) << 3 | last)[:3] + block
    return out


def bomb(size):
    """A gzip of a tar with one file of so many zeros."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as z:
        z.write(role()[:-1024] + header(b"p/files/zeros", size=size))
        for _ in range(size // 65536):
            z.write(b"\0" * 65536)
        z.write(END)
    return out.getvalue()


def six_times(data):
    for _ in range(6):
        data = gzip.compress(data, mtime=0)
    return data


def sparse(name, real, data):
    """GNU's old form: a map with one piece at the start."""
    tail = b"\0" * 41 + number(0, 12) + number(len(data), 12) + \
        b"\0" * (24 * 3 + 1) + number(real, 12)
    return header(name, b"S", size=len(data), magic=b"ustar  \0",
                  tail=tail) + padded(data)


def changed(data, at, byte):
    return data[:at] + bytes([data[at] ^ byte]) + data[at + 1:]


def crc_wrong(data):
    """The first file's checksum, where it is listed and where it stands."""
    listed = data.index(b"PK\1\2")
    return changed(changed(data, listed + 16, 1), 14, 1)


def encrypted(data):
    listed = data.index(b"PK\1\2")
    return changed(changed(data, listed + 8, 1), 6, 1)


GOOD = role()

TAKEN = {
    "T01-no-prefix": role(top=b""),
    "T01-dot": role(top=b"./"),
    "T01-dots-inside": role(top=b"p/.//./"),
    "T02-gz.zip": gzip.compress(GOOD, mtime=0),
    "T02-two-gz": gzip.compress(GOOD[:1024], mtime=0) +
                  gzip.compress(GOOD[1024:], mtime=0) + b"\0" * 100,
    "T02-bz2.gz": bz2.compress(GOOD),
    "T02-xz.tar": lzma.compress(GOOD),
    "T02-zst.tgz": zst(GOOD),
    "T02-zip.tar.gz": zip_role(("p/run", b"#!/bin/sh\n",
                                stat.S_IFREG | 0o755),
                               ("p/ln", b"run", stat.S_IFLNK | 0o777),
                               ("p/empty/", b"", stat.S_IFDIR | 0o755)),
    "T02-zip-stored": zip_role(method=zipfile.ZIP_STORED),
    "T02-zip-bzip2": zip_role(method=zipfile.ZIP_BZIP2),
    "T02-zip-lzma": zip_role(method=zipfile.ZIP_LZMA),
    "T03-deep": tar(member(b"a/README", b"x\n"),
                    member(b"a/b/c/meta/main.yml", META),
                    member(b"a/b/c/tasks/main.yml", b"[]\n"),
                    member(b"other/z", b"x\n")),
    "T04-yaml": role(meta=b"meta/main.yaml"),
    "T05-orig": tar(member(b"p/meta/main.yml.orig", b"{{{\n"),
                    member(b"p/q/xmeta/main.yml", b"{{{\n"), GOOD[:-1024]),
    "T06-both": tar(member(b"p/meta/main.yaml", b"dependencies: {{{\n"),
                    GOOD[:-1024]),
    "T08-nested": tar(member(b"p/roles/s/meta/main.yml", META), GOOD[:-1024]),
    "T11-others": role(directory(b"p/empty/"), header(b"p/fifo", FIFO),
                       header(b"p/null", CHAR), header(b"p/sda", BLOCK),
                       hard(b"p/hard", b"p/tasks/main.yml"),
                       hard(b"p/again", b"./p/hard"),
                       member(b"outside", b"from outside\n", mode=0o755),
                       hard(b"p/files/in", b"outside")),
    "T12-links": role(link(b"p/a", b"tasks/main.yml"),
                      link(b"p/files/up", b"../tasks"),
                      link(b"p/dot", b"."), link(b"p/nowhere", b"none"),
                      link(b"p/x", b"y"), link(b"p/y", b"x")),
    "T16-absolute": role(member(b"/tmp/x", b"x\n")),
    "T16-all-absolute": role(top=b"/srv//p/"),
    "T17-names": role(*[member(b"p/files/" + name, name) for name in (
        b"~x", b"$HOME", b"with a blank", b"-rf", "\u00fcml\u00e4ut".encode(),
        b"semi;colon", b"latin-\xe4", b"a*b?", b"'quoted\"")]),
    "T17-pax-name": role(pax([(b"path", "p/\u00fc".encode())]),
                         member(b"p/u", b"x\n")),
    "T17-pax-forms": role(pax([(b"path", "p/\u00e9".encode())]), member(b"p/a", b"one\n"),
                          pax([(b"path", "p/e\u0301".encode())]), member(b"p/b", b"two\n"),
                          pax([(b"path", b"p/\xff\xfe")]), member(b"p/c", b"three\n")),
    "T18-modes": role(member(b"p/setuid", b"x", mode=0o6777, uid=1234),
                      member(b"p/nothing", b"x", mode=0),
                      member(b"p/sticky", b"x", mode=0o1666),
                      directory(b"p/closed", 0), member(b"p/closed/f", b"x"),
                      pax([(b"SCHILY.xattr.security.capability", b"\1\0\0\2"),
                           (b"SCHILY.xattr.user.x", b"y"),
                           (b"mtime", b"-9999999999.5")]),
                      member(b"p/attributes", b"x")),
    "T21-twice": tar(member(b"p/tasks/main.yml", b"first\n", mode=0o755),
                     directory(b"p/tasks"), GOOD[:-1024],
                     directory(b"p/tasks")),
    "T22-info": role(member(b"p/meta/.galaxy_install_info", b"{evil: 1}\n")),
    "T22-info-link": role(link(b"p/meta/.galaxy_install_info", b"main.yml")),
    "H092-garbage-behind": GOOD + b"garbage" * 100,
    "long-ustar": role(member(b"f" * 90, b"x", prefix=b"p/" + b"d" * 100)),
    "long-gnu": role(gnu_long(b"p/" + b"g" * 250), member(b"p/g", b"x"),
                     gnu_long(b"t" * 200, b"K"), link(b"p/k", b"t")),
    "long-pax": role(pax([(b"path", b"p/" + b"h" * 250)]), member(b"p/h", b"x")),
    "global-header": tar(pax([(b"comment", b"0" * 40)], b"g"), GOOD[:-1024]),
    "sparse": role(sparse(b"p/sparse", 3000, b"abc")),
    "sparse-hole": role(sparse(b"p/sparse", 3000, b"")),
    "git-outside": role(member(b".git/config", b"[core]\n")),
}

# Patterns as grep -E takes them.
REFUSED = {
    "T07-no-meta": (tar(member(b"p/tasks/main.yml", b"[]\n")), "no meta/main.yml"),
    "T07-meta-directory": (tar(directory(b"p/meta/main.yml")), "no meta/main.yml"),
    "T07-meta-fifo": (tar(header(b"p/meta/main.yml", FIFO)), "no meta/main.yml"),
    "T09-nested-only": (tar(member(b"p/roles/s/meta/main.yml", META),
                            member(b"p/README", b"x")), "'path: roles/s'"),
    "T10-two": (tar(member(b"aaa/meta/main.yml", META),
                    member(b"b/meta/main.yml", META)), "'aaa' and 'b'.*path:"),
    "T10-two-nested": (tar(member(b"p/roles/a/meta/main.yml", META),
                           member(b"p/roles/b/meta/main.yml", META),
                           member(b"p/roles/c/meta/main.yml", META)),
                       "'roles/a' and 'roles/b'.*path: roles/a"),
    "T13-absolute": (role(link(b"p/x", b"/etc/passwd")), "link 'x'"),
    "T13-outside": (role(link(b"p/files/x", b"../../out")), "link 'files/x'"),
    "T14-chain": (role(link(b"p/x", b"."), link(b"p/up", b"x/.."),
                       member(b"p/up/f", b"x")), "link 'up'|duplicate"),
    "T14-down-up": (role(link(b"p/d1/a", b".."), link(b"p/b", b"d1/a/../x")), "link 'b'"),
    "T15-up": (role(member(b"../evil", b"x")), "'../evil'"),
    "T15-up-inside": (role(member(b"p/../../evil", b"x")), "upwards"),
    "T15-up-alone": (role(directory(b"..")), "upwards"),
    "T19-dots": (role(member(b"p/a/../b", b"x")), "upwards"),
    "T20-meta-link": (tar(link(b"p/meta", b"/tmp"), GOOD[:-1024]),
                      "duplicate|link 'meta'"),
    "T20-below-link": (role(link(b"p/d", b"tasks"), member(b"p/d/f", b"x")), "duplicate"),
    "H063-link-then-file": (role(link(b"p/d", b"/tmp"), member(b"p/d/f", b"x")),
                            "link 'd'"),
    "H065-link-and-file": (role(link(b"p/f", b"tasks/main.yml"), member(b"p/f", b"x")),
                           "twice"),
    "H066-hard-absolute": (role(hard(b"p/h", b"/etc/passwd")), "hard link"),
    "H066-hard-data": (role(hard(b"p/h", b"/etc/passwd", size=4) + padded(b"evil")),
                       "hard link|damaged"),
    "H067-hard-up": (role(hard(b"p/h", b"../victim")), "upwards"),
    "H067-hard-itself": (role(hard(b"p/h", b"p/h")), "hard link"),
    "H067-hard-later": (role(hard(b"p/h", b"p/l"), member(b"p/l", b"x")), "hard link"),
    "H067-hard-directory": (role(directory(b"p/d"), hard(b"p/h", b"p/d")), "hard link"),
    "H077-sparse": (role(sparse(b"p/s", 8 << 40, b"abc")), "--max-file-bytes"),
    "H080-six-times": (six_times(GOOD), "more than once"),
    "H086-git": (role(member(b"p/.git/config", b"[core]\n")), "'.git/config'"),
    "H086-git-case": (role(member(b"p/.GIT/config", b"[core]\n")), "bad file name"),
    "H087-escape": (role(member(b"p/\x1b]0;x\x07", b"x")), "bad file name"),
    "H087-newline": (role(member(b"p/a\nb", b"x")), "bad file name"),
    "H090-empty": (b"", "0 bytes"),
    "H090-empty-gz": (gzip.compress(b"", mtime=0), "no archive|nothing"),
    "H090-random": (bytes(i * 37 % 251 for i in range(5000)), "no archive"),
    "H090-page": (b"\n<!DOCTYPE html><title>Log in</title>\n", "HTML page"),
    "H090-zeros": (b"\0" * 10240, "nothing in"),
    "H091-cut-gz": (gzip.compress(GOOD + bytes(i * i % 256 for i in range(9000)),
                                  mtime=0)[:300], "cut off"),
    "H091-cut-xz": (lzma.compress(GOOD)[:-20], "cut off"),
    "H091-cut-bz2": (bz2.compress(GOOD)[:-20], "cut off"),
    "H091-cut-zst": (zst(GOOD)[:-20], "cut off"),
    "H091-cut-tar": (GOOD[:1500], "cut off"),
    "H091-cut-data": (GOOD[:1030], "cut off"),
    "H091-no-end": (GOOD[:-1024], "cut off"),
    "H091-checksum": (changed(GOOD, 1024 + 10, 1), "damaged"),
    "H091-length-gz": (changed(gzip.compress(GOOD, mtime=0), -1, 1), "gzip"),
    "H091-cut-crc-gz": (gzip.compress(GOOD, mtime=0)[:-6], "cut off"),
    "H091-second-gz": (gzip.compress(GOOD[:1024], mtime=0) +
                       changed(gzip.compress(GOOD[1024:], mtime=0), -6, 1), "gzip"),
    "H091-crc-gz": (changed(gzip.compress(GOOD, mtime=0), -6, 1), "damaged|cut off"),
    "H093-cpio": (b"070701" + b"0" * 104 + b"TRAILER!!!\0", "no archive"),
    "H093-7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 100, "no archive"),
    "H093-rar": (b"Rar!\x1a\x07\0" + b"\0" * 100, "no archive"),
    "H093-xar": (b"xar!" + b"\0" * 100, "no archive"),
    "negative-size": (role(header(b"p/n", size=-1)), "damaged"),
    "negative-pax": (role(pax([(b"size", b"-512")]), member(b"p/n", b"x")), "damaged"),
    "huge-size": (role(header(b"p/n", size=1 << 62)), "--max-file-bytes"),
    "huge-pax": (tar(header(b"pax", b"x", size=1 << 40), GOOD[:-1024]),
                 "damaged|cut off"),
    "endless-pax": (tar(*[pax([(b"comment", b"x")])] * 5000), "damaged|cut off|nothing"),
    "deep": (role(gnu_long(b"p/" + b"d/" * 400 + b"f"), member(b"x", b"x")),
             "--max-depth"),
    "deeper": (role(gnu_long(b"p/" + b"d/" * 3000 + b"f"), member(b"x", b"x")),
               "longer than"),
    "long-part": (role(gnu_long(b"p/" + b"n" * 300), member(b"x", b"x")), "bad file name"),
    "long-target": (role(gnu_long(b"n" * 2000, b"K"), link(b"p/k", b"x")), "link 'k'"),
    "file-and-directory": (role(member(b"p/a", b"x"), member(b"p/a/b", b"x")), "duplicate"),
    "zip-cut": (zip_role()[:-30], "no archive"),
    "zip-crc": (crc_wrong(zip_role()), "damaged"),
    "zip-size": (zip_role(("p/f", b"0" * 5000, PLAIN)).replace(
        struct.pack("<I", 5000), struct.pack("<I", 10)), "wrong size"),
    "zip-encrypted": (encrypted(zip_role()), "encrypted"),
    "zip-up": (zip_role(("p/../../evil", b"x", PLAIN)), "upwards"),
    "zip-link-out": (zip_role(("p/x", b"/etc/passwd", stat.S_IFLNK | 0o777)), "link 'x'"),
}

SEEDS = {name: TAKEN[name] for name in (
    "T01-dot", "T02-gz.zip", "T02-bz2.gz", "T02-xz.tar", "T02-zip.tar.gz",
    "T02-zip-lzma", "T03-deep", "T11-others", "T12-links", "T17-pax-name",
    "T18-modes", "T21-twice", "long-gnu", "global-header", "sparse")}
SEEDS["T02-zst.tgz"] = zst(tar(member(b"meta/main.yml", META)))
SEEDS.update((name, REFUSED[name][0]) for name in (
    "T10-two", "T14-chain", "T15-up", "T20-below-link", "H067-hard-up",
    "H077-sparse", "H080-six-times", "H091-no-end", "negative-size",
    "huge-pax", "zip-crc", "zip-encrypted", "zip-link-out"))
SEEDS["many-pax.gz"] = gzip.compress(tar(*[pax([(b"comment", b"x")])] * 40), mtime=0)


def main():
    top, what = sys.argv[1:]
    os.makedirs(top, exist_ok=True)
    if what == "bombs":
        archives = {"H076-zeros": (bomb(5 << 20), "--max-file-bytes"),
                    "H076-many": (gzip.compress(role(*[member(
                        b"p/%d" % i, bytes(1 << 16)) for i in range(140)]), mtime=0),
                        "--max-bytes"),
                    "H078-files": (gzip.compress(role(*[member(b"p/%d" % i)
                                   for i in range(2100)]), mtime=0), "--max-files"),
                    "headers": (bz2.compress(tar(*[pax([(b"comment", b"x" * 900000)]) +
                                                   member(b"p/%d" % i) for i in range(25)])),
                                "--max-bytes"),
                    "hard-links": (gzip.compress(role(
                        member(b"p/f", bytes(1 << 16)),
                        *[hard(b"p/%d" % i, b"p/f") for i in range(140)]), mtime=0),
                        "--max-bytes")}
    elif what == "refused":
        archives = REFUSED
    else:
        archives = {name: (data, "") for name, data in
                    {"taken": TAKEN, "seeds": SEEDS}[what].items()}
    for name, (data, pattern) in archives.items():
        with open(os.path.join(top, name), "wb") as file:
            file.write(data)
        print(name + ("\t" + pattern if pattern else ""))


if __name__ == "__main__":
    main()
