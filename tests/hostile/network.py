#!/usr/bin/env python3
"""network.py serve DIR [SHARE] - servers as nobody wants to meet them.
network.py check DIR ROLES GROUP - what a run against them has come to.

"serve" makes a port for each case and way (netserver.py has the ways).  For
each group of cases it writes into DIR a file of roles (GROUP.yml) and a table
of what to expect (GROUP.table); also a configuration of git's with the proxies
(gitconfig), users (netrc, helper.url), and the Galaxy's address (galaxy).  Then
it serves until it is ended.  DIR/log has a line for each request, and LEAK for
a secret that arrives where it is not meant to be.

The groups: "stall" are those that end by a time limit, "chance" those with
changed bits and cuts, of which SHARE percent are taken, "odd" all others.

"check" reads DIR/GROUP.out and DIR/GROUP.err.  A role in place is either what
it should be or, if it failed, what DIR/old is.
"""
import gzip
import hashlib
import os
import random
import re
import signal
import ssl
import subprocess
import sys
import threading
import time

import goods
import netserver
from netserver import GIT, HANG, RESET, TLS, WEB

LAST = {"pack", "archive", "role"}
EVERY = GIT | WEB | {"galaxy"}
HTTP = WEB | {"galaxy"}
TAR = {"tar", "star"}

SILENT = "(not a byte from|nothing came from|says nothing|no progress)"
# On a busy machine one of these may well be silent for the second that counts.
SLOW = SILENT + "|too slow: less than 16 bytes a second"
CUT = ("(transfer closed|cut off|connection breaks|middle of a packet|"
       "before its end|outstanding read data|end of the connection|"
       "without a word|unexpected eof|empty reply|SSL_|reset by peer)")
ESC = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m"

CASES = []


class Case:
    """
    name    begins with the number
    spoil   what is made of an Answer of one of the kinds: bytes to send,
            seconds to wait, HANG, RESET, or None to close
    ways    by which it is asked
    word    what the message says; None: it is installed; "": either of them,
            but never anything else
    pinned  the role is asked for by its commit, in one request
    opened  is played before the first byte is read
    proxy   the port is that of a proxy of this scheme, and the role behind it is nowhere
    login   "url", "netrc" or "helper": who says who we are
    more    keys of the entry in the file of roles
    """

    def __init__(self, name, spoil, ways, word, kinds=None, pinned=False,
                 opened=None, certificate=None, proxy=None, group=None, login="url",
                 more=""):
        self.name, self.spoil, self.ways, self.word = name, spoil, ways, word
        self.kinds = LAST if kinds is None else kinds
        self.pinned, self.opened, self.proxy = pinned, opened, proxy
        self.login, self.more = login, more
        stalls = word and ("not a byte" in word or "too slow" in word)
        self.group = group or ("stall" if stalls else "odd")
        self.certificates = certificate or ["good"]

    def certificate(self, port):
        return self.certificates[(port.calls - 1) % len(self.certificates)]


def case(*arguments, **more):
    CASES.append(Case(*arguments, **more))


def whole(a):
    yield a.whole()


# ---- H096: silence ----

def silence(*_):
    yield HANG


# The same over ssh with a real server: cmd/ssh_ends.sh.
case("H096-accepts", whole, EVERY - {"galaxy"}, SILENT + "|SSL connection timeout",
     opened=silence)
case("H096-no-answer", silence, EVERY, SILENT)


# ---- H097: a byte now and then ----

def drip(data):
    for n in range(len(data)):
        yield data[n:n + 1]
        yield 0.4


def drip_body(a):
    yield a.head(length=False)
    yield from drip(a.body * 9)


def drip_head(a):
    yield a.head()[:-2]
    while True:
        yield b"X: a\r\n"
        yield 0.5


def drip_line(a):
    yield a.head()[:-2] + b"X: "
    yield from drip(b"a" * 9999)


case("H097-body", drip_body, EVERY, SLOW)
case("H097-headers", drip_head, HTTP, SLOW)
# A line counts when it is whole.
case("H097-header-line", drip_line, {"http", "tar", "galaxy"}, SILENT)


def drip_talk(a):
    """Side-band words, one after the other, and no pack."""
    yield a.head(length=False) + packfile(a)
    while True:
        yield goods.line(b"\2")
        yield 0.5


case("H097-keepalive", drip_talk, {"http", "daemon", "ssh"}, SLOW)


# ---- H098: half of it ----

def half(a):
    yield a.head()
    yield a.body[:len(a.body) // 2]
    yield None


def half_silent(a):
    yield a.head()
    yield a.body[:len(a.body) // 2]
    yield HANG


def half_reset(a):
    yield a.head()
    yield a.body[:len(a.body) // 2]
    yield 0.1
    yield RESET


def half_head(a):
    data = a.head()
    yield data[:len(data) // 2]
    yield None


def chunks(a, last=b"0\r\n\r\n"):
    a.headers.append("Transfer-Encoding: chunked")
    yield a.head(length=False) + b"%x\r\n" % len(a.body) + a.body + b"\r\n" + last
    yield None


case("H098-close", half, EVERY, CUT)
case("H098-silence", half_silent, EVERY, SILENT)
case("H098-reset", half_reset, EVERY, CUT + "|[Cc]onnection (was )?reset|[Rr]ecv failure")
case("H098-headers", half_head, HTTP, CUT + "|not JSON|git repository|no archive|nothing")
case("H098-no-last-chunk", lambda a: chunks(a, b""), HTTP, CUT)
# Complete, and then the end of the connection does not come.
case("H098-slow-close", lambda a: iter([a.whole(), HANG]), EVERY - {"galaxy"}, None)


# ---- H100: no length, and cut ----

def old_cut(a, cut=2):
    yield a.head(length=False, status="HTTP/1.0 200 OK")
    yield a.body[:len(a.body) // cut]
    yield None


case("H100-half", old_cut, HTTP, CUT + "|not JSON|cut off|JSON")
case("H100-nothing", lambda a: old_cut(a, 99999), HTTP,
     "nothing|0 bytes|JSON")
case("H100-whole", lambda a: old_cut(a, 1), HTTP, None)


def old_open(a):
    """Whole, but who is to know, as long as the connection stands?"""
    yield a.head(length=False, status="HTTP/1.0 200 OK") + a.body
    yield HANG


case("H100-open", old_open, HTTP, "")


# ---- H101: without end ----

def endless_body(a):
    a.body = a.body[:-4] if a.kind == "pack" else a.body
    yield a.head(length=False) + a.body
    more = goods.band(1, goods.entry(goods.BLOB, b"x") * 2000)
    while True:
        yield more if a.kind == "pack" else b" " * 60000


def endless_headers(a):
    yield a.head()[:-2]
    while True:
        yield b"X-Flood: %s\r\n" % (b"x" * 900) * 20


def endless_continue(a):
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 500


def long_header(a):
    yield a.head()[:-2] + b"X-Long: " + b"x" * (2 << 20) + b"\r\n\r\n" + a.body


def endless_chunk(a):
    a.headers.append("Transfer-Encoding: chunked")
    yield a.head(length=False) + b"ffffffffffffffff0\r\n" + a.body
    while True:
        yield b" " * 60000


def endless_status(a):
    yield b"HTTP/1.1 404 No\r\nContent-Type: text/plain\r\n\r\n"
    while True:
        yield b"no " * 20000


HEADERS = "headers of the answer|header"
case("H101-body", endless_body, EVERY,
     r"larger than|more than|reads? the pack|besides the pack|pack")
case("H101-headers", endless_headers, HTTP, HEADERS)
case("H101-continue", endless_continue, {"http", "tar", "galaxy"}, HEADERS)
case("H101-header-line", long_header, HTTP, "header")
case("H101-chunk", endless_chunk, {"http", "tar", "galaxy"},
     "chunk|git's format|illegal")
case("H101-not-found", endless_status, HTTP, "not found|no API")


# ---- what is no HTTP at all ----

def say(data):
    def spoil(a):
        yield data if isinstance(data, bytes) else data(a)
        yield None
    return spoil


def with_header(*lines, length=True):
    def spoil(a):
        a.headers += lines
        yield a.head(length) + a.body
        yield None
    return spoil


case("H101-0.9", say(lambda a: a.body), HTTP, "HTTP/0.9|no API")
case("H101-version", say(b"HTTP/9.9 200 OK\r\n\r\n"), HTTP, "version|HTTP")
case("H101-nul", say(b"HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"), HTTP,
     "[Nn]ul|nothing|0 bytes|JSON")
case("H101-lengths", with_header("Content-Length: 7"), HTTP, "")
case("H101-length-negative", with_header("Content-Length: -7", length=False),
     HTTP, "[Ll]ength")
case("H101-length-huge",
     with_header("Content-Length: 99999999999999999999", length=False), HTTP, "")
case("H101-status", say(b"HTTP/1.1 999999 What\r\n\r\n"), HTTP,
     "status|HTTP|nothing")
for number in 101, 204, 206, 300, 304, 305, 399, 402, 418, 426, 451, 599, 999:
    case(f"H101-status-{number}", say(
        b"HTTP/1.1 %d What\r\nContent-Length: 0\r\n\r\n" % number),
        {"http", "tar", "galaxy"}, f"{number}|status|nothing|" + SILENT + "|" + CUT)


# ---- H103: compressed though nobody asked for it ----

def bomb(a):
    a.headers.append("Content-Encoding: gzip")
    a.body = gzip.compress(b"\0" * (50 << 20))
    yield a.whole()


def encoded(encoding, header="Content-Encoding"):
    def spoil(a):
        a.headers.append(f"{header}: {encoding}")
        a.body = gzip.compress(a.body)
        yield a.whole()
    return spoil


WRAPPED = "git's format|JSON|archive|layers|compressed|encoding|tar"
# Some of these lengths are wrong for what is taken out of the chunks.
case("H103-bomb", bomb, HTTP, WRAPPED + "|not a byte")
case("H103-gzip", encoded("gzip"), HTTP, WRAPPED)
case("H103-deflate", encoded("deflate, gzip, gzip, br"), {"http", "tar"}, WRAPPED)
case("H103-transfer", encoded("gzip", "Transfer-Encoding"), HTTP,
     WRAPPED + "|not a byte|chunk|[Tt]ransfer|illegal|" + CUT)


# ---- H104, H105, H107: elsewhere ----

def redirect(to, status=302):
    def spoil(a):
        where = to(a) if callable(to) else to
        yield f"HTTP/1.1 {status} Go\r\nLocation: ".encode() + \
            where.encode("utf-8", "surrogateescape") + \
            b"\r\nContent-Length: 0\r\n\r\n"
    return spoil


NOT_FOLLOWED = ("not followed|elsewhere|to another one|from https|not an? url|"
                "scheme|not taken|protocol|host|status 30|redirect")
ANY = {"any"}
HOP = HTTP - {"old"}
# cmd/http_redirects.sh has a repository that goes from https to http.
case("H104-plain", redirect(lambda a: "http://127.0.0.1:1" + a.path),
     TLS, "from https", ANY)
for name, to in (
        ("file", "file:///etc/passwd"), ("ftp", "ftp://127.0.0.1/x"),
        ("gopher", "gopher://127.0.0.1:70/_x"), ("dict", "dict://127.0.0.1/x"),
        ("scp", "scp://127.0.0.1/etc/passwd"), ("data", "data:text/plain,x"),
        ("git", "git://127.0.0.1:1/x"), ("ssh", "ssh://-oProxyCommand=x/x"),
        ("dash", "http://-x/"), ("empty", ""), ("blank", " "),
        ("no-host", "http:///x/info/refs"), ("port", "http://127.0.0.1:99999/x"),
        ("escape", f"http://127.0.0.1:1/{ESC}/info/refs"),
        ("esc-file", f"file:///{ESC}"), ("backslash", "http:\\\\127.0.0.1\\x"),
        ("newline", "http://127.0.0.1:1/a%0d%0ab/\rX: y"),
        ("long", "http://127.0.0.1:1/" + "x" * 9000)):
    case(f"H105-{name}", redirect(to), HOP, NOT_FOLLOWED, ANY)
for status in 301, 303, 307, 308:
    case(f"H105-file-{status}", redirect("file:///etc/passwd", status),
         {"http", "tar", "galaxy"}, NOT_FOLLOWED, ANY)


def further(a):
    n = re.search(r"/hop(\d+)", a.path)
    n = int(n.group(1)) + 1 if n else 1
    return f"/hop{n}" + re.sub(r"^/hop\d+", "", a.path)


case("H105-itself", redirect(lambda a: a.path), HOP,
     "more than 5 times", ANY)
case("H105-hops", redirect(further), HOP, "more than 5 times", ANY)


def hops(most):
    """As many, and then what was asked for."""
    go = redirect(further)

    def spoil(a):
        n = re.search(r"/hop(\d+)", a.path)
        if a.kind in ("pack", "refs") and not n:
            yield from go(a)
        elif n and int(n.group(1)) >= most:
            yield a.whole()
        else:
            yield from go(a)
    return spoil


case("H105-five", hops(5), {"tar", "star"}, None, ANY)
case("H105-six", hops(6), {"tar", "star"}, "more than 5 times", ANY)

# H107: to another port or address, where nobody shall say who he is.  Who
# he is stands in the URL, in ~/.netrc for the address, or a helper knows it
# for the port; a Galaxy has a token, which cmd/galaxy_places.sh follows to an
# archive, too.
ELSEWHERE = {}


def elsewhere(address, userinfo=""):
    def to(a):
        url = ELSEWHERE[a.port.way, address].origin()
        return url.replace("://", "://" + userinfo) + a.path
    return redirect(to)


for name, address in ("port", "127.0.0.1"), ("address", "127.0.0.2"):
    case(f"H107-{name}", elsewhere(address), {"http", "tar"}, None, ANY)
    case(f"H107-{name}-userinfo", elsewhere(address, "me:w0rd@"),
         {"http", "tar"}, None, ANY)
    case(f"H107-{name}-galaxy", elsewhere(address), {"galaxy"},
         "sends to another one", ANY)
case("H107-netrc", elsewhere("127.0.0.2"), {"http", "tar"}, None, ANY,
     login="netrc")


def refused_unless_known(a, spoil=elsewhere("127.0.0.2")):
    if "authorization" in a.asked:
        yield from spoil(a)
    else:
        yield from refuse(401, 'WWW-Authenticate: Basic realm="x"')(a)


case("H107-helper", refused_unless_known, {"http", "tar"}, None, ANY,
     login="helper")
# Where it leads to somebody asks who we are.
case("H107-asks", elsewhere("127.0.0.4"), {"http", "tar"},
     "asks for a user", ANY)
case("H107-helper-asks", lambda a: refused_unless_known(
     a, elsewhere("127.0.0.4")), {"http", "tar"}, "asks for a user", ANY,
     login="helper")


# ---- H108: refusals ----

def refuse(status, *headers, body=b"no"):
    def spoil(a):
        lines = [f"HTTP/1.1 {status} No", f"Content-Length: {len(body)}"]
        yield "\r\n".join(lines + list(headers)).encode() + b"\r\n\r\n" + body
    return spoil


case("H108-401", refuse(401, 'WWW-Authenticate: Basic realm="x"'), HTTP,
     "refuses the (user|token)")
case("H108-401-nothing", refuse(401), HTTP, "refuses the (user|token)")
case("H108-401-kinds", refuse(401, *["WWW-Authenticate: K%d x" % n
                                     for n in range(200)]), HTTP,
     "of a kind|refuses the token")
case("H108-403", refuse(403), HTTP, "forbids|refuses the token")
case("H108-404", refuse(404), HTTP, "not found|no API")
case("H108-407", refuse(407), HTTP, "proxy asks")
for status in 429, 500, 503:
    case(f"H108-{status}-long", refuse(status, "Retry-After: 999999"), HTTP,
         f"status {status}; it wants us to wait 999999 seconds")
    for name, when in (
            ("date", "Fri, 31 Dec 9999 23:59:59 GMT"),
            ("past", "Thu, 01 Jan 1970 00:00:00 GMT"), ("negative", "-5"),
            ("huge", "9" * 40), ("word", "later"), ("empty", ""),
            ("float", "1e99"), ("odd", "Foo, 99 Bar 99999 99:99:99 GMT")):
        case(f"H108-{status}-{name}", refuse(status, "Retry-After: " + when),
             {"http", "tar", "galaxy"}, f"status {status}")


# ---- H109: what could drive a terminal ----

def loud(status):
    def spoil(a):
        text = f"<b>{ESC}</b>".encode("utf-8", "surrogateescape")
        yield f"HTTP/1.1 {status} {ESC}\r\nContent-Type: {ESC}\r\n" \
            f"WWW-Authenticate: {ESC} realm={ESC}\r\nServer: {ESC}\r\n" \
            f"Content-Length: {len(text)}\r\n\r\n".encode() + text
    return spoil


for status in 200, 401, 403, 404, 500:
    case(f"H109-{status}", loud(status), HTTP, "")


def loud_line(begin, kind=b"ERR "):
    def spoil(a):
        data = begin(a) + goods.line(kind + ESC.encode() + b"\nmore\n")
        a.body = data
        yield a.whole()
        yield None
    return spoil


WIRE = {"http", "old", "daemon", "ssh"}
SAYS = r"the server (says|gives up)"


def nothing(a):
    return b""


def packfile(a):
    return goods.fetched()[:goods.fetched().index(b"packfile\n") + 9]


case("H109-err", loud_line(nothing), WIRE, SAYS, {"pack"})
case("H109-err-refs", loud_line(nothing), {"http", "daemon", "ssh"}, SAYS, {"refs"})
case("H109-err-greeting", loud_line(nothing), {"old", "daemon", "ssh"}, SAYS,
     {"advert", "greeting"})
case("H109-fatal", loud_line(packfile, b"\3"), {"http", "daemon", "ssh"}, SAYS)


def loud_talk(a):
    words = (ESC.encode() + b"\r") * 50 + b"\n\r\n\0\0" + b"x" * 3000
    a.body = goods.fetched(old=a.port.way == "old", before=goods.band(2, words))
    yield a.whole()


case("H109-talk", loud_talk, WIRE, None)


def loud_ref(a):
    """Names of refs are not the server's to choose, but these are read."""
    name = ESC.encode() + b"v1"
    a.body = goods.line(goods.ROLE.commit.encode() + b" refs/tags/" + name) + \
        goods.refs()
    yield a.whole()


case("H109-ref", loud_ref, {"http", "daemon", "ssh"}, "", {"refs"})


# ---- H112: without end, in git's words ----

def endless(begin, more):
    def spoil(a):
        yield a.head(length=False) + begin(a)
        data = more() if callable(more) else more
        while True:
            yield data
    return spoil


def many_refs():
    return b"".join(goods.line(f"{goods.ROLE.commit} refs/tags/x{n}\n")
                    for n in range(20000))


def advert_begin(a):
    first = goods.line("# service=git-upload-pack\n") + goods.FLUSH
    return first + goods.advert()[:-4]


case("H112-refs", endless(nothing, many_refs), {"http", "daemon", "ssh"},
     "list of refs is longer", {"refs"})
case("H112-advert", endless(advert_begin, many_refs), {"old"},
     "list of refs is longer", {"advert"})
case("H112-greeting", endless(lambda a: goods.GREETING[:-4],
                              goods.line("feature=" + "x" * 900) * 99),
     {"daemon", "ssh"}, "list of refs is longer|too long|another version",
     {"greeting"})
case("H112-talk", endless(packfile, goods.band(2, b"counting\r" * 5000)),
     {"http", "daemon", "ssh"}, "besides the pack")
case("H112-empty", endless(packfile, goods.line(b"\2") * 9999),
     {"http", "daemon", "ssh"}, "besides the pack")
case("H112-shallow", endless(lambda a: goods.line("shallow-info\n"),
                             goods.line(f"shallow {goods.ZERO}\n") * 999),
     {"http", "daemon", "ssh"}, "besides the pack")
case("H112-sections", endless(nothing, (goods.line("shallow-info\n") + b"0001") * 999),
     {"http", "daemon", "ssh"}, "besides the pack|git's format")


# Packets that lie.

for name, text in (
        ("0003", b"0003"), ("fff1", b"fff1" + b"x" * 65520), ("word", b"xyzw"),
        ("space", b"  12abc"), ("minus", b"-001"), ("short", b"00"),
        ("more", b"ffffabc"), ("0004", b"0004" * 20), ("0001", b"0001" * 20),
        ("0002", b"0002" * 20), ("nul", b"\0" * 64), ("flushes", b"0000" * 50)):
    for kind in "refs", "pack":
        case(f"H112-{name}-{kind}", say(lambda a, text=text:
             a.head(length=False) + text), {"http", "daemon", "ssh"}, "[a-z]",
             {kind})
    case(f"H112-{name}-advert", say(lambda a, text=text:
         a.head(length=False) + text), {"old", "daemon", "ssh"}, "[a-z]",
         {"advert", "greeting"})
    case(f"H112-{name}-band", say(lambda a, text=text:
         a.head(length=False) + packfile(a) + text),
         {"http", "daemon", "ssh"}, "[a-z]")
case("H112-band-9", say(lambda a: a.head(length=False) + packfile(a) +
     goods.band(9, b"x")), {"http", "daemon", "ssh"}, "side-band")
case("H112-no-flush", say(lambda a: a.head(length=False) + a.body[:-4]),
     {"http", "daemon", "ssh"}, CUT)
case("H112-after-flush", say(lambda a: a.head(length=False) + a.body +
     goods.line("more")), {"http"}, "git's format|")


# ---- H114: chance ----

def flip(seed):
    def spoil(a):
        chance = random.Random(seed)
        data = bytearray(a.whole())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield bytes(data)
        yield None
    return spoil


def cut(seed):
    def spoil(a):
        data = a.whole()
        yield data[:random.Random(seed).randrange(len(data))]
        yield None
    return spoil


for number in range(120):
    way = ("http", "daemon", "old", "ssh")[number % 4]
    case(f"H114-flip-{number}", flip(number), {way}, "", pinned=True, group="chance")
    case(f"H114-flip-tar-{number}", flip(1000 + number), {"tar"}, "", group="chance")
for number in range(80):
    way = ("http", "daemon", "old", "ssh")[number % 4]
    case(f"H114-cut-{number}", cut(number), {way}, "[a-z]", pinned=True, group="chance")
    case(f"H114-cut-tar-{number}", cut(1000 + number), {"tar"}, "[a-z]", group="chance")


# ---- H115: packs ----

def packed(make, **more):
    def spoil(a):
        a.body = goods.fetched(make(), old=a.port.way == "old", **more)
        yield a.whole()
    return spoil


ENTRIES = goods.ROLE.entries()
BLOB = goods.object_id(goods.BLOB, goods.NOISE)


def thin():
    """tasks/main.yml as a delta against what was not sent."""
    rest = [e for e, (_, data) in zip(ENTRIES, goods.ROLE.objects)
            if data != goods.TASKS]
    ops = goods.delta(40, len(goods.TASKS),
                      bytes([len(goods.TASKS)]) + goods.TASKS)
    return goods.pack(rest + [goods.entry(goods.REF, ops, b"\x42" * 20)])


def grown(rounds):
    """Deltas on deltas, each 250 times as long."""
    size, out = 0x10000, [goods.entry(goods.BLOB, b"\0" * 0x10000)]
    base = goods.object_id(goods.BLOB, b"\0" * size)
    for _ in range(rounds):
        ops = goods.delta(size, 0x10000 * 4000, goods.copy_all(0x10000) * 4000)
        out.append(goods.entry(goods.REF, ops, bytes.fromhex(base)))
        base, size = "00" * 20, 0x10000 * 4000
    return goods.pack(ENTRIES + out)


def looped():
    """Two deltas, each of the other: neither has an id to be known by."""
    ops = goods.delta(9, 9, b"\x90\x09")
    return goods.pack(ENTRIES + [
        goods.entry(goods.REF, ops, bytes([n]) * 20) for n in (1, 2)])


def broken_zlib():
    return goods.pack(ENTRIES[:-1] + [goods.head(goods.BLOB, 9) + b"not zlib"])


def wrong_size(size):
    kind, data = goods.ROLE.objects[-1]
    return lambda: goods.pack(ENTRIES[:-1] + [goods.entry(kind, data, size=size)])


PACKS = "pack|commit|object|read|tree"
for name, make, word in (
        ("missing-base", thin, PACKS),
        ("loop", looped, PACKS),
        ("delta-size", lambda: goods.pack(ENTRIES + [goods.entry(
            goods.OFS, goods.delta(9, 1 << 62, b"\x90\x09"), b"\x01")]), PACKS),
        ("delta-offset", lambda: goods.pack(ENTRIES + [goods.entry(
            goods.OFS, goods.delta(9, 9, b"\x90\x09"), b"\xff" * 8 + b"\x7f")]), PACKS),
        ("delta-grows", lambda: grown(1), PACKS),
        ("trailer", lambda: goods.PACK[:-1] + b"\0", PACKS),
        ("no-trailer", lambda: goods.PACK[:-20], PACKS),
        ("count-all", lambda: goods.pack(ENTRIES, 0xffffffff), PACKS),
        ("count-more", lambda: goods.pack(ENTRIES, len(ENTRIES) + 1), PACKS),
        ("count-less", lambda: goods.pack(ENTRIES, len(ENTRIES) - 1), PACKS),
        ("count-none", lambda: goods.pack([]), PACKS),
        ("version", lambda: goods.pack(ENTRIES, version=9), PACKS),
        ("type", lambda: goods.pack(ENTRIES + [goods.entry(5, b"x")]), ""),
        ("zlib", broken_zlib, PACKS),
        ("size-more", wrong_size(99999), PACKS),
        ("size-less", wrong_size(1), PACKS),
        ("size-huge", wrong_size(1 << 60), PACKS),
        ("no-tree", lambda: goods.pack([e for e, (kind, _) in zip(
            ENTRIES, goods.ROLE.objects) if kind != goods.TREE]), PACKS),
        ("no-blob", lambda: goods.pack([e for e, (kind, _) in zip(
            ENTRIES, goods.ROLE.objects) if kind != goods.BLOB]), PACKS),
        ("twice", lambda: goods.pack(ENTRIES + ENTRIES), ""),
        ("extra", lambda: goods.pack(ENTRIES + [goods.entry(goods.BLOB, b"more")]), None),
        ("two-packs", lambda: goods.PACK + goods.PACK, ""),
        ("tail", lambda: goods.PACK + b"tail", ""),
        # H116: another one than the pinned one.
        ("H116-other", lambda: goods.pack(goods.OTHER.entries()),
         "commit '[0-9a-f]{40}' is not in the pack|" + PACKS)):
    case(name if name[0] == "H" else "H115-" + name, packed(make), WIRE, word,
         pinned=True)


# The same for a tag that the user knows the commit of, and for archives.
def other_role(a):
    commit = goods.OTHER.commit
    a.body = {
        "refs": goods.refs(commit), "advert": goods.line(
            "# service=git-upload-pack\n") + goods.FLUSH + goods.advert(commit),
        "pack": goods.fetched(goods.pack(goods.OTHER.entries()),
                              old=a.port.way == "old", commit=commit),
        "archive": goods.tar_gz(goods.OTHER_FILES)}.get(a.kind, a.body)
    yield a.whole()


case("H116-tag", other_role, WIRE, "commit|pack", ANY,
     more=", commit: " + goods.ROLE.commit)
SUM = hashlib.sha256(goods.ARCHIVE).hexdigest()
case("H120-good", whole, TAR, None, more=f", checksum: 'sha256:{SUM}'")
case("H120-archive", other_role, TAR, "sha256 [0-9a-f]{64} instead of", ANY,
     more=f", checksum: 'sha256:{SUM}'")


# ---- H110: TLS; H111, the keys of ssh servers, is in cmd/ssh_keys.sh ----

def first_bytes(n):
    """The server's first flight, as far as that, and then the end."""
    def opened(port, sock):
        here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = port.farm.contexts["good"].wrap_bio(here, there, server_side=True)
        while there.pending < 500:
            here.write(sock.recv(65536))
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
        yield there.read()[:n]
        yield None
    return opened


CERTIFICATE = "certificate"
case("H110-good", whole, TLS, None)
# cmd/https.sh and cmd/https_names.sh have these one by one.
case("H110-untrusted", whole, TLS, CERTIFICATE, certificate=["other"])
case("H110-self", whole, TLS, CERTIFICATE, certificate=["self"])
case("H110-expired", whole, TLS, CERTIFICATE + ".*expired", certificate=["expired"])
case("H110-early", whole, TLS, CERTIFICATE + ".*not yet valid", certificate=["early"])
case("H110-name", whole, TLS, "certificate|host name", certificate=["name"])
case("H110-tls10", whole, TLS, "tls|TLS|protocol|SSL|handshake", certificate=["tls10"])
case("H110-tls11", whole, TLS, "tls|TLS|protocol|SSL|handshake", certificate=["tls11"])


def then_close(a):
    a.headers.append("Connection: close")
    yield a.whole()
    yield None


# The second connection has another certificate: the first says nothing of it.
case("H110-changed", then_close, {"https"}, CERTIFICATE, ANY,
     certificate=["good", "other"])


def hop_and_close(a):
    yield from refuse(302, "Location: " + further(a), "Connection: close")(a)
    yield None


case("H110-changed-hop", hop_and_close, {"star"}, CERTIFICATE, ANY,
     certificate=["good", "other"])
for number in 0, 3, 40, 300:
    case(f"H110-cut-{number}", whole, TLS,
         "SSL|TLS|tls|unexpected|reset|closed|" + CUT, opened=first_bytes(number))
case("H110-plain", whole, TLS, "SSL|TLS|tls|wrong version|packet", opened=lambda *_: iter(
    [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", None]))
case("H110-noise", whole, TLS, "SSL|TLS|tls|wrong version|packet", opened=lambda *_: iter(
    [random.Random(0).randbytes(4000), None]))
case("H110-alert", whole, TLS, "SSL|TLS|tls|alert|handshake", opened=lambda *_: iter(
    [b"\x15\x03\x03\0\2\2\x28", None]))
case("H110-drip", whole, TLS, SILENT + "|" + SLOW + "|[Tt]imed? ?out", opened=lambda *_:
     drip(b"\x16\x03\x03\xff\xff" + b"\0" * 999))


class Renegotiation(threading.Thread):
    """A server of TLS 1.2 that wants another handshake before it answers."""

    def __init__(self, directory, port):
        super().__init__(daemon=True)
        port.release()
        path = os.path.join(directory, "good-host")
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", f"127.0.0.1:{port.number}",
             "-tls1_2", "-cert", path + ".pem", "-key", path + ".key"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)

    def run(self):
        while True:
            seen = b""
            while not seen.endswith(b"\r\n\r\n"):
                seen += os.read(self.process.stdout.fileno(), 65536)
            for data in (b"r\n", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" %
                         len(goods.ARCHIVE) + goods.ARCHIVE):
                os.write(self.process.stdin.fileno(), data)
                time.sleep(0.3)


case("H110-renegotiated", whole, {"star"}, "")


# ---- H118: proxies; those that refuse are in cmd/http_proxy.sh ----

def proxy(name, what, word, scheme="http"):
    case("H118-" + name, whole, {"http", "https", "tar"}, word, proxy=scheme,
         opened=lambda port, sock: what(sock))


def proxy_says(data, end=None):
    def what(sock):
        sock.recv(65536)
        yield data
        yield end
    return what


def proxy_floods(data):
    def what(sock):
        sock.recv(65536)
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield data
    return what


proxy("silent", silence, SILENT + "|timed out|[Tt]imeout")
proxy("close", lambda sock: iter([None]), "proxy|" + CUT + "|[Rr]ecv failure")
proxy("noise", proxy_says(b"\x1b[2J\0\1\2" * 99), "[a-z]")
proxy("200", proxy_says(b"HTTP/1.1 200 OK\r\n\r\n<html>\x1b[2J</html>"), "[a-z]")
proxy("502", proxy_says(b"HTTP/1.1 502 \x1b[2J\r\nContent-Length: 0\r\n\r\n"), "502")
proxy("407", proxy_says(b"HTTP/1.1 407 \x1b[2J\r\nProxy-Authenticate: Basic realm="
                        b"\x1b[2J\r\nContent-Length: 0\r\n\r\n"), "proxy asks")
proxy("407-ntlm", proxy_says(b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n"
                             b"Content-Length: 0\r\n\r\n"), "proxy asks")
proxy("hang", proxy_says(b"HTTP/1.1 200 OK\r\nX: y\r\n", HANG),
      SILENT + "|timed out|[Tt]imeout|aborted")
proxy("headers", proxy_floods(b"X-Flood: %s\r\n" % (b"x" * 900) * 20), "header")
proxy("redirect", proxy_says(b"HTTP/1.1 302 Go\r\nLocation: file:///etc/passwd\r\n"
                             b"Content-Length: 0\r\n\r\n"), "[a-z]")


for name, data, end in (
        ("silent", b"", HANG), ("http", b"HTTP/1.1 400 No\r\n\r\n", None),
        ("noise", b"\x1b[2J\0\1" * 99, None), ("none", b"\5\xff", None),
        ("short", b"\5\0", None), ("hang", b"\5\0", HANG),
        ("name", b"\5\0\5\0\0\3\xff" + b"\x1b" * 99, None)):
    proxy("socks-" + name, proxy_says(data, end), "[a-z]", "socks5h")


# ---- H119: a Galaxy's JSON; cmd/galaxy_*.sh have the rest ----

def json_is(data, kind="role"):
    def spoil(a):
        a.body = data(a) if callable(data) else data
        yield a.whole()
    return spoil


def one_role(text):
    return b'{"count": 1, "results": [' + text + b"]}"


JSON = "JSON|answer|server|role|list|url"
for name, data in (
        ("html", b"<!DOCTYPE html>" + ESC.encode()), ("cut", b'{"results": ['),
        ("deep", b"[" * 100000), ("deep-object", b'{"a":' * 100000),
        ("nan", one_role(b'{"id": NaN}')), ("infinity", b'{"id": Infinity}'),
        ("twice", b'{"results": [], "results": [{"id": 1}], "count": 1}'),
        ("list", b"[]"), ("number", b"7"), ("null", b"null"),
        ("string", b'"x"'), ("utf8", b'{"results": "\xff\xfe"}'),
        ("nul", b'{"results": "\\u0000"}'), ("bom", b"\xef\xbb\xbf{}"),
        ("surrogate", b'{"results": "\\ud800"}'), ("tail", b"{}{}"),
        ("results-object", b'{"results": {"0": {"id": 1}}}'),
        ("results-words", b'{"results": ["x", 7, null]}'),
        ("id-huge", one_role(b'{"id": 99999999999999999999999999}')),
        ("id-negative", one_role(b'{"id": -1}')),
        ("id-path", one_role(b'{"id": "../../../etc/passwd"}')),
        ("id-esc", one_role(b'{"id": "\\u001b[2J"}')),
        ("id-list", one_role(b'{"id": [1]}')), ("no-id", one_role(b"{}"))):
    case("H119-" + name, json_is(data), {"galaxy"}, JSON)
case("H119-large", endless(lambda a: b'{"results": "', b"x" * 60000), {"galaxy"},
     "more than [0-9]+ MiB")
for name, data in (
        ("next-itself", lambda a: b'{"results": [], "next_link": "%s"}' % a.path.encode()),
        ("next-host", b'{"results": [], "next_link": "http://127.0.0.2:1/api/"}'),
        ("next-slashes", b'{"results": [], "next_link": "//127.0.0.2:1/api/"}'),
        ("next-file", b'{"results": [], "next_link": "file:///etc/passwd"}'),
        ("next-esc", b'{"results": [], "next_link": "\\u001b[2J"}'),
        ("next-number", b'{"results": [], "next_link": 7}'),
        ("url-file", goods.galaxy_versions("file:///etc/passwd")),
        ("url-ssh", goods.galaxy_versions("ssh://-oProxyCommand=x/x")),
        ("url-ext", goods.galaxy_versions("ext::sh -c x")),
        ("url-esc", goods.galaxy_versions("http://127.0.0.1:1/" + ESC)),
        ("url-userinfo", goods.galaxy_versions("http://a:b@127.0.0.1:1/x.tar.gz"))):
    case("H119-" + name, json_is(data), {"galaxy"}, "[a-z]", {"versions"})


# ---- serving ----

class Good:
    """Where redirects lead."""
    name, opened, kinds = "elsewhere", None, set()

    def spoil(self, a):
        return refuse(401, 'WWW-Authenticate: Basic realm="x"')(a)

    def certificate(self, port):
        return "good"


def secret(case, way):
    if case.login != "url":
        return "c4n4ry-" + case.login
    return f"c4n4ry-{case.name}-{way}"


def source(case, way, port):
    """The line of the file of roles, and the proxy if there is one."""
    name = f"{case.name}-{way}"
    version = goods.ROLE.commit if case.pinned else "v1"
    version += case.more
    user = f"shepherd:{port.secret}@" if case.login == "url" else ""
    if way == "galaxy":
        return f"- {{src: me.{name}, name: {name}, version: 1.0.0}}", None
    if way == "daemon":
        url = f"git://127.0.0.1:{port.number}/x"
    elif way == "ssh":
        url = f"ssh://port{port.number}/x"
    else:
        where = port.origin()
        if case.proxy:
            where = where.rpartition("/")[0] + f"/{name.lower()}.invalid"
        url = where.replace("://", "://" + user)
        proxied = (where, case.proxy, port.number) if case.proxy else None
        if way in TAR:
            return f"- {{src: '{url}/x.tar.gz', name: {name}{case.more}}}", proxied
        return f"- {{src: 'git+{url}/x', name: {name}, version: {version}}}", proxied
    return f"- {{src: '{url}', scm: git, name: {name}, version: {version}}}", None


def contexts(directory):
    made = {}
    for name in os.listdir(directory):
        if name.endswith("-host.pem"):
            name = name[:-len("-host.pem")]
            path = os.path.join(directory, name)
            made[name] = netserver.context(path + "-host.pem", path + "-host.key")
    path = os.path.join(directory, "good")
    for name, most in (("tls10", ssl.TLSVersion.TLSv1), ("tls11", ssl.TLSVersion.TLSv1_1)):
        made[name] = netserver.context(path + "-host.pem", path + "-host.key", most)
    return made


def serve(directory, share):
    path = lambda name: os.path.join(directory, name)
    farm = netserver.Farm(path("log"), contexts(directory))
    good = Good()
    for way in WEB:
        for address in "127.0.0.1", "127.0.0.2":
            ELSEWHERE[way, address] = farm.listen(good, way, address)
    for address in "127.0.0.1", "127.0.0.2":
        ELSEWHERE["galaxy", address] = farm.listen(good, "tar", address)
    strict = Good()
    strict.kinds = ANY
    for way in "http", "tar":
        ELSEWHERE[way, "127.0.0.4"] = farm.listen(strict, way, "127.0.0.4")
    galaxy = farm.listen(good, "galaxy")
    galaxy.talk, galaxy.cases = netserver.GalaxyTalk, {}
    galaxy.archives = ELSEWHERE["tar", "127.0.0.1"]
    galaxy.secret = "c4n4ry-galaxy"
    files = {name: [] for name in ("gitconfig", "helper.url")}
    for group in "stall", "odd", "chance":
        files[group + ".yml"], files[group + ".table"] = [], []
    chance = random.Random(share)
    for one in CASES:
        if one.group == "chance" and chance.randrange(100) >= share:
            continue
        for way in sorted(one.ways):
            address = "127.0.0.3" if one.login == "netrc" else "127.0.0.1"
            port = galaxy if way == "galaxy" else farm.listen(one, way, address)
            if way == "galaxy":
                galaxy.cases[f"{one.name}-galaxy"] = one
            else:
                port.secret = secret(one, way)
            if one.login == "helper":
                files["helper.url"].append(f"{port.address}:{port.number}")
            role, proxied = source(one, way, port)
            files[one.group + ".yml"].append(role)
            if proxied:
                files["gitconfig"].append(f'[http "{proxied[0]}/"]\n\tproxy = '
                    f"{proxied[1]}://me:c4n4ry-proxy@127.0.0.1:{proxied[2]}\n")
            word = "-" if one.word is None else one.word or "?"
            files[one.group + ".table"].append(f"{one.name}-{way}\t{word}")
    other = Renegotiation(directory, next(
        p for p in farm.ports if p.case.name == "H110-renegotiated"))
    other.start()
    # The last one says that all are there.
    files["galaxy"] = [galaxy.origin()]
    for name, lines in files.items():
        with open(path(name + ".new"), "w") as file:
            file.write("\n".join(lines) + "\n")
        os.replace(path(name + ".new"), path(name))
    signal.signal(signal.SIGTERM, lambda *_: (other.process.kill(), os._exit(0)))
    farm.serve()


# ---- checking ----

def tree(top):
    """Everything below, but what says when it was installed."""
    out = {}
    for where, directories, files in os.walk(top):
        for name in directories + files:
            full = os.path.join(where, name)
            rel = os.path.relpath(full, top)
            if rel == "meta/.galaxy_install_info":
                continue
            out[rel] = b"" if os.path.isdir(full) else open(full, "rb").read()
    return out


def text_of(path):
    with open(path, "rb") as file:
        return file.read()


def check(directory, roles, group):
    path = lambda name: os.path.join(directory, name)
    bad, count = [], {"installed": 0, "failed": 0}
    err, out = text_of(path(group + ".err")), text_of(path(group + ".out"))
    for name, data in ("out", out), ("err", err):
        odd = re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]", data)
        if odd:
            bad.append(f"control bytes in {name}: {data[max(odd.start() - 80, 0):odd.end() + 40]}")
        if b"c4n4ry" in data:
            at = data.index(b"c4n4ry")
            bad.append(f"a secret in {name}: {data[max(at - 80, 0):at + 40]}")
    lines = {}
    for text in err.decode("utf-8", "replace").splitlines():
        match = re.match(r"(\S+): FAILED: (.*)", text)
        if match:
            lines.setdefault(match.group(1), []).append(match.group(2))
    new = {p: d for p, d in goods.FILES.items()}
    for d in {p.partition("/")[0] for p in new}:
        new[d] = b""
    old = tree(path("old")) if os.path.isdir(path("old")) else {}
    for text in open(path(group + ".table")):
        name, _, word = text.rstrip("\n").partition("\t")
        said = lines.get(name, [])
        there = tree(os.path.join(roles, name))
        if not said:
            count["installed"] += 1
            if word not in "-?":
                bad.append(f"{name}: installed")
            if there != new:
                bad.append(f"{name}: not a word, and not what it should be: {sorted(there)}")
            continue
        count["failed"] += 1
        if there != old:
            bad.append(f"{name}: failed, and {sorted(there)} is there")
        if len(said) > 1 or len(said[0]) > 1500:
            bad.append(f"{name}: said too much: {said}")
        if word == "-" or word != "?" and not re.search(word, said[0]):
            bad.append(f"{name}: no '{word}' in '{said[0]}'")
    for text in open(path("log"), errors="replace"):
        if text.startswith(("LEAK", "BUG")):
            bad.append(text.strip())
    print(*bad, sep="\n")
    print(*(f"{n} {what}" for what, n in count.items()), sep=", ")
    return 1 if bad else 0


def main():
    if sys.argv[1] == "serve":
        serve(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 100)
    sys.exit(check(*sys.argv[2:5]))


if __name__ == "__main__":
    main()
