#!/usr/bin/env python3
"""mutations.py T URL COUNT [SEED] - good archives and packs, damaged.

Each is refused, or is what it was; an archive that nothing proves may also
become another role, which then keeps all the rules.  The same seed damages
the same bytes.  T and URL are those of catalogue.py.
"""
import bz2
import gzip
import hashlib
import lzma
import os
import random
import stat
import struct
import sys
import time
import zlib

import archives as a
import trees as t
import world

T, URL = os.path.realpath(sys.argv[1]), sys.argv[2]
COUNT, SEED = int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 51
BATCH = 400
ODD, REPOS, TOP = T + "/repos/odd", T + "/repos/packs", T + "/world"
INTERESTING = (0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff,
               0x80000000, 0xffffffff, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
found = []


# ---- what is damaged ----

def text(n):
    return b"".join(b"- debug: {msg: line %d}\n" % (i * i % n) for i in range(n))


def good_tar():
    return a.role(
        a.directory(b"p/files/"), a.member(b"p/files/run", b"#!/bin/sh\n", mode=0o755),
        a.link(b"p/link", b"tasks/main.yml"), a.hard(b"p/hard", b"p/files/run"),
        a.gnu_long(b"p/files/" + b"g" * 150), a.member(b"p/g", b"gnu\n"),
        a.pax([(b"path", b"p/files/" + b"h" * 150), (b"mtime", b"1.5")]), a.member(b"p/h", b"pax\n"),
        a.sparse(b"p/sparse", 3000, b"abc"), a.member(b"p/files/text", text(60)))


def good_zip(method):
    return a.zip_role(("p/files/run", b"#!/bin/sh\n", stat.S_IFREG | 0o755),
                      ("p/link", b"tasks/main.yml", stat.S_IFLNK | 0o777),
                      ("p/files/", b"", stat.S_IFDIR | 0o755),
                      ("p/files/text", text(60), a.PLAIN), method=method)


def varint(n):
    out = b""
    while n > 0x7f:
        out, n = out + bytes([n & 0x7f | 0x80]), n >> 7
    return out + bytes([n])


def delta(base, more):
    """gitformat-pack(5): copy all of the base, then add."""
    return varint(len(base)) + varint(len(base) + len(more)) + \
        b"\xb0" + struct.pack("<H", len(base)) + bytes([len(more)]) + more


def good_pack():
    """(the objects as they stand in a pack, the commit, its repository)"""
    r, base = t.Repo(), text(120)
    same = r.blob(base)
    grown, again = r.blob(base + b"# more\n"), r.blob(base + b"# again\n")
    files = r.sorted_tree([(t.FILE, b"base", same), (t.FILE, b"grown", grown),
                           (t.EXEC, b"again", again)])
    main = r.sorted_tree([(t.FILE, b"main.yml", r.blob(b"[]\n"))])
    r.commit(r.sorted_tree([(t.DIR, b"meta", main), (t.DIR, b"tasks", main),
                            (t.DIR, b"files", files),
                            (t.LINK, b"link", r.blob(b"tasks/main.yml"))]))
    # Of the three large ones the first is whole: before the others.
    plain = [(kind, data) for oid, (kind, data) in r.objects.items()
             if oid not in (same, grown, again)]
    return plain + [(b"blob", base), ("ofs", base, b"# more\n"),
                    ("ref", same, base, b"# again\n")], r


def encode(objects, rnd=None):
    """The pack, each object as bytes; with rnd one of them is damaged inside."""
    out, whole, victim = [], 0, rnd.randrange(len(objects)) if rnd else -1
    for i, o in enumerate(objects):
        kind, head, data = t.KINDS.get(o[0]), b"", o[-1]
        if o[0] == "ofs":
            kind, data, base_size = 6, delta(*o[1:]), len(out[whole])
            head = bytes([(base_size >> 7) - 1 | 0x80, base_size & 0x7f]) if base_size > 127 \
                else bytes([base_size])
        elif o[0] == "ref":
            kind, data, head = 7, delta(*o[2:]), bytes.fromhex(o[1])
        elif o[0] == b"blob":
            whole = i
        size = len(data)
        if i == victim:
            what = rnd.randrange(4)
            if what == 0:
                kind = rnd.randrange(8)
            elif what == 1:
                size = rnd.choice(INTERESTING)
            elif what == 2 and head:
                head = damage(head, rnd)
            else:
                data = damage(data, rnd)
                size = rnd.choice((size, len(data)))
        out.append(t.pack_head(kind, size) + head + zlib.compress(data, 1))
    return out


# ---- how ----

def flip(d, r):
    at = r.randrange(len(d))
    return d[:at] + bytes([d[at] ^ 1 << r.randrange(8)]) + d[at + 1:]


def change(d, r):
    at = r.randrange(len(d))
    return d[:at] + bytes(r.randrange(256) for _ in range(r.randint(1, 4))) + d[at + r.randint(1, 4):]


def cut(d, r):
    return d[:r.randrange(len(d))]


def span(d, r):
    at = r.randrange(len(d))
    return at, min(len(d), at + r.choice((1, 4, 20, 100, 512, 2048)))


def double(d, r):
    begin, end = span(d, r)
    return d[:end] + d[begin:]


def leave_out(d, r):
    begin, end = span(d, r)
    return d[:begin] + d[end:]


def swap(d, r):
    (b1, e1), (b2, e2) = sorted((span(d, r), span(d, r)))
    return d if b2 < e1 else d[:b1] + d[b2:e2] + d[e1:b2] + d[b1:e1] + d[e2:]


def integer(d, r):
    """At the fields of a tar's header, a zip's or a pack's, or anywhere."""
    width = r.choice((1, 2, 4, 8))
    value = (r.choice(INTERESTING) & (1 << 8 * width) - 1).to_bytes(
        width, r.choice(("little", "big")))
    starts = [i for i in range(len(d) - 3) if d[i:i + 2] == b"PK"] if d[:2] == b"PK" else \
        range(0, len(d), 512)
    at = r.choice(starts) + r.choice((0, 4, 6, 8, 10, 14, 18, 22, 26, 28, 30, 38, 42, 100, 124,
                                      156, 257, 345, 386, 482))
    return d[:at] + value + d[at + width:]


def octal(d, r):
    """A number of a tar's header, as its digits."""
    at = r.randrange(0, len(d), 512) + r.choice((100, 108, 116, 124, 136, 386, 398, 483))
    return d[:at] + r.choice((b"77777777777\0", b"00000000000\0", b"-0000000001\0",
                              b"\x80" + bytes(11), b"\xff" * 12, b"\x80" + b"\xff" * 11)) + \
        d[at + 12:]


def kind(d, r):
    at = r.randrange(0, len(d), 512) + 156
    return d[:at] + r.choice(b"01234567LKxgSVNDMA".decode()).encode() + d[at + 1:]


WAYS = (flip, change, cut, double, leave_out, swap, integer)


def damage(data, r, ways=WAYS):
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        data = r.choice(ways)(data, r) if data else data
    return data


def sum_up(d):
    """Every block that looks like a tar's header gets its checksum."""
    out = []
    for at in range(0, len(d), 512):
        h = d[at:at + 512]
        if h[257:262] == b"ustar" and len(h) == 512:
            h = h[:148] + b" " * 8 + h[156:]
            h = h[:148] + b"%06o\0 " % sum(h) + h[156:]
        out.append(h)
    return b"".join(out)


COMPRESS = {"tar": bytes, "gz": lambda d: gzip.compress(d, mtime=0), "xz": lzma.compress,
            "bz2": bz2.compress, "zst": a.zst}


def odd_archive(r, tar):
    form = r.choice(("tar", "tar", "gz", "gz", "xz", "bz2", "zst", "zip", "zip-stored"))
    if form.startswith("zip"):
        good = good_zip(a.zipfile.ZIP_STORED if form == "zip-stored" else a.zipfile.ZIP_DEFLATED)
        return form, good, damage(good, r)
    good = COMPRESS[form](tar)
    if r.random() < 0.6:
        inner = damage(tar, r, WAYS + (octal, kind, octal, kind))
        return form, good, COMPRESS[form](sum_up(inner) if r.random() < 0.7 else inner)
    return form, good, damage(good, r)


def odd_pack(r, objects):
    """The bytes of a pack; for half of them the last 20 are right."""
    if r.random() < 0.5:
        body = t.pack_of(encode(objects, r))
    else:
        body = damage(t.pack_of(encode(objects)), r)
    if r.random() < 0.5:
        body = body[:-20] + hashlib.sha1(body[:-20]).digest()
    return body


# ---- sources ----

class Mutant:
    def __init__(self, name, form, line, proved):
        self.name, self.form, self.line, self.proved = name, form, line, proved
        self.old = zlib.crc32(name.encode()) % 2 == 0


def put_archive(name, r, tar):
    form, good, data = odd_archive(r, tar)
    world.write("%s/%s.tar" % (ODD, name), data)
    src = r.choice((ODD, URL + "/odd")) + "/" + name + ".tar"
    proved = r.random() < 0.15
    checksum = ", checksum: 'sha256:%s'" % hashlib.sha256(good).hexdigest() if proved else ""
    return Mutant(name, form, "- {src: '%s', name: '%s'%s}\n" % (src, name, checksum),
                  proved)


def put_pack(name, r, objects, repo):
    path = "%s/%s.git" % (REPOS, name)
    repo.packed(path, odd_pack(r, objects))
    return Mutant(name, "pack", "- {src: 'git+%s/packs/%s.git', name: '%s', version: %s}\n" % (
        URL, name, name, repo.head), True)


def put_repository(name, r, repo):
    """One of its files is damaged, where it lies."""
    path = "%s/%s.git" % (REPOS, name)
    repo.loose(path)
    victim = r.choice(sorted(os.path.join(top, f) for top, _, files in os.walk(path)
                             for f in files))
    with open(victim, "rb") as f:
        data = f.read()
    if "/objects/" in victim and r.random() < 0.7:
        data = zlib.compress(damage(zlib.decompress(data), r))
    else:
        data = damage(data, r)
    world.write(victim, data)
    return Mutant(name, "loose", "- {src: 'git+file://%s', name: '%s', version: %s}\n" % (
        path, name, repo.head), True)


def sources(seed, count):
    r, tar, (objects, repo) = random.Random(seed), good_tar(), good_pack()
    for path in (ODD, REPOS):
        world.shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
    goods = {form: compress(tar) for form, compress in COMPRESS.items()}
    goods.update({"zip": good_zip(a.zipfile.ZIP_DEFLATED),
                  "zip-stored": good_zip(a.zipfile.ZIP_STORED)})
    lines = []
    for form, data in goods.items():
        world.write("%s/good-%s.tar" % (ODD, form), data)
        lines.append("- {src: '%s/good-%s.tar', name: good-%s}\n" % (ODD, form, form))
    repo.packed(REPOS + "/good-pack.git", t.pack_of(encode(objects)))
    repo.loose(REPOS + "/good-loose.git")
    lines.append("- {src: 'git+%s/packs/good-pack.git', name: good-pack, version: %s}\n" % (
        URL, repo.head))
    lines.append("- {src: 'git+file://%s/good-loose.git', name: good-loose, version: %s}\n" % (
        REPOS, repo.head))
    mutants = []
    for i in range(count):
        name, pick = "m%d-%04d" % (seed, i), i % 20
        if pick < 12:
            mutants.append(put_archive(name, r, tar))
        elif pick < 18:
            mutants.append(put_pack(name, r, objects, repo))
        else:
            mutants.append(put_repository(name, r, repo))
    return lines, list(goods) + ["pack", "loose"], mutants


# ---- a run ----

def content(path):
    """What is in a role, but for its install info."""
    seen = world.look(path)
    return {p[len(path):]: (v[1], v[9]) for p, v in seen.items()
            if not p.endswith(b"/.galaxy_install_info")}


def judge(w, uid, m, reason, goods):
    """What has become of one, or None and why that is wrong."""
    path = "%s/%s" % (w.roles, m.name)
    if reason is not None:
        if "the worker " in reason:
            return None, reason
        if not m.old and os.path.lexists(path):
            return None, "was refused and is there"
        return "refused", ""
    if not os.path.exists(path):
        return None, "is not there"
    problem = world.bad_role(path, uid)
    if problem:
        return None, problem
    if content(os.fsencode(path)) == goods[m.form]:
        return "identical", ""
    return (None, "is another role") if m.proved else ("another", "")


def leg(seed, uid, options, lines, forms, mutants):
    w = world.World(TOP, [ODD, REPOS], uid)
    for m in mutants:
        if m.old:
            world.put_role("%s/%s" % (w.roles, m.name), b"old")
    world.write(TOP + "/cwd/r.yml", "".join(lines + [m.line for m in mutants]).encode())
    w.settle()
    start = time.monotonic()
    status, out, err, megabytes = w.run(
        "install", "-r", "r.yml", "-p", w.roles, "-f", "-j", "4", "-v", "--retries", "0", *options)
    where = "seed %d, %s%s" % (seed, "root" if uid is None else "nobody", " ".join(["", *options]))
    seconds, failed = time.monotonic() - start, world.failures(err)
    taken = [m.name for m in mutants if m.name not in failed] + ["good-" + f for f in forms]
    wrong = w.after((out, err), status, taken)
    if megabytes > world.MOST_MB and not world.SANITIZED:
        wrong.append("%d MB of memory" % megabytes)
    missing = [f for f in forms if not os.path.exists("%s/good-%s" % (w.roles, f))]
    wrong += ["good-%s is not there: %s" % (f, failed.get("good-" + f, err[-300:]))
              for f in missing]
    goods = {f: content(os.fsencode("%s/good-%s" % (w.roles, f)))
             for f in forms if f not in missing}
    counts = {}
    for m in mutants if not missing else []:
        what, problem = judge(w, uid if uid is not None else os.geteuid(), m,
                              failed.get(m.name), goods)
        if what is None:
            wrong.append("%s (%s): %s" % (m.name, m.form, problem))
        group = "archives" if m.form in COMPRESS or "zip" in m.form else m.form
        key = "%s %s" % (group + (" with a checksum" if m.proved and group == "archives" else ""),
                         what)
        counts[key] = counts.get(key, 0) + 1
    found.extend("%s: %s" % (where, line) for line in wrong)
    print("%s: %d in %.1f s, %d MB: %s" % (where, len(mutants), seconds, megabytes, ", ".join(
        "%s %d" % item for item in sorted(counts.items()))), flush=True)


def main():
    for batch, done in enumerate(range(0, COUNT, BATCH)):
        made = sources(SEED + batch, min(BATCH, COUNT - done))
        leg(SEED + batch, None, [], *made)
        if os.geteuid() == 0:
            leg(SEED + batch, world.NOBODY, ["--sandbox=off"], *made)
        if found:
            break
    for line in found[:60]:
        print("FAIL: " + line)
    sys.exit(1 if found else 0)


main()
