#!/usr/bin/env python3
"""gitserve.py - serve bare git repositories over http, well or badly.

Serves the repositories below --root for fetching, as git-http-backend(1)
does, by running git upload-pack, and other files as they are; listens on the
loopback interface only.

--mode makes it misbehave:
    v0              does not know version 2 of git's protocol
    v0:NNN          the same, and says so with this status to a POST
    html            answers everything with a page for people
    dumb            gives out the files of the repository, no more
    status:NNN      answers everything with this status
    redirect:URL    answers with 301 to URL and the path that was asked for
    moved:NNN:A=B   answers with NNN for paths below /A: they are at B, a
                    path or an URL, now
    loop            answers with 302 to a longer path each time
    suffix          knows one.git as "one" only
    truncate:BYTES  ends the connection after so many bytes of a body
    stop:BYTES      sends no more after so many bytes of a body
    stall           never answers
    slow            sends 64 bytes at a time, fifty times a second
    short-pack      leaves out the end of the pack, and nothing else
    wrong-commit    sends the first commit, whatever is asked for

A directory with a raw.pack is no repository for git: its refs and these bytes
are sent as they are.

--fail-first N:STATUS[:RETRY] answers the first N requests with a status, or
for "cut" not at all; RETRY is a Retry-After: seconds, or "date+SECONDS".
--retry-after is the same for every answer of 400 and more.

It is a proxy as well: an http URL with whatever host is looked for below
--root, and CONNECT makes a way to the named port of this machine.
--proxy-auth wants a user and a password for that.

--h2 agrees to HTTP/2 with whoever proposes it, and resets every stream.

--log FILE gets one line a request: method, path, status, the command of
protocol version 2 or "-", the number of the connection, "auth" if the
request came with credentials, and "resumed" if its TLS session was an old
one.
"""

import argparse
import base64
import email.utils
import gzip
import http.server
import io
import itertools
import os
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

PIECE = 65536
SERVICE = "git-upload-pack"


class Ended(Exception):
    """The answer is over, and so is the connection."""


def retry_after(value):
    if not value:
        return {}
    if value.startswith("date+"):
        value = email.utils.formatdate(
            time.time() + int(value[5:]), usegmt=True)
    return {"Retry-After": value}


def packet(data):
    return b"%04x" % (len(data) + 4) + data


def shorten(answer):
    """Cut the last packet of the pack in half, as gitprotocol-pack(5) has
    it; what follows stays."""
    at, last = 0, None
    while at < len(answer):
        size = int(answer[at:at + 4], 16)
        if size > 5 and answer[at + 4:at + 5] == b"\1":
            last = at, size
        at += max(size, 4)
    if not last:
        return answer
    at, size = last
    keep = (size - 5) // 2
    return (answer[:at] + b"%04x" % (keep + 5) +
            answer[at + 4:at + 5 + keep] + answer[at + size:])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, options, handler=None):
        super().__init__(("127.0.0.1", options.port), handler or Handler)
        self.options = options
        self.connections = itertools.count(1)
        self.log_lock = threading.Lock()
        self.log_file = open(options.log, "a") if options.log else None
        self.tls = None
        count, _, self.failure = (options.fail_first or "0").partition(":")
        self.failures = itertools.repeat(True, int(count))
        if options.cert:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(options.cert, options.key)
            if options.client_ca:
                self.tls.load_verify_locations(options.client_ca)
                self.tls.verify_mode = ssl.CERT_REQUIRED
            if options.h2:
                self.tls.set_alpn_protocols(["h2", "http/1.1"])

    def server_bind(self):
        # http.server would look up this machine's name.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name = "localhost"
        self.server_address = self.socket.getsockname()
        self.server_port = self.server_address[1]

    def get_request(self):
        sock, address = super().get_request()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls:
            # The handshake is made by the connection's own thread.
            sock = self.tls.wrap_socket(
                sock, server_side=True, do_handshake_on_connect=False)
        return sock, address

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, (OSError, Ended)):
            super().handle_error(request, client_address)

    def log_request(self, line):
        if self.log_file:
            with self.log_lock:
                self.log_file.write(line + "\n")
                self.log_file.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "gitserve"

    def setup(self):
        super().setup()
        self.options = self.server.options
        self.connection_number = next(self.server.connections)
        self.mode, _, self.argument = self.options.mode.partition(":")
        if self.options.http10:
            self.protocol_version = "HTTP/1.0"

    def log_message(self, *args):
        pass

    # ---- connections ----

    def handle(self):
        if self.options.h2:
            self.connection.do_handshake()
            if self.connection.selected_alpn_protocol() == "h2":
                self.reset_streams()
                return
        super().handle()

    def reset_streams(self):
        """HTTP/2, RFC 9113: SETTINGS, then RST_STREAM for all HEADERS."""
        self.rfile.read(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
        self.frame(4, 0)
        while True:
            head = self.rfile.read(9)
            if len(head) < 9:
                return
            self.rfile.read(int.from_bytes(head[:3], "big"))
            if head[3] == 1:
                self.server.log_request(f"h2 - - - {self.connection_number}")
                # INTERNAL_ERROR
                self.frame(3, int.from_bytes(head[5:], "big"), b"\0\0\0\2")

    def frame(self, kind, stream, body=b""):
        self.wfile.write(len(body).to_bytes(3, "big") + bytes([kind, 0]) +
                         stream.to_bytes(4, "big") + body)
        self.wfile.flush()

    # ---- requests ----

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.serve(body)

    def do_CONNECT(self):
        self.body = b""
        if not self.let_through():
            return
        port = int(self.path.rpartition(":")[2])
        self.begin(200, {})
        with socket.create_connection(("127.0.0.1", port)) as there:
            ends = {self.connection: there, there: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(PIECE)
                    if not data:
                        return
                    ends[end].sendall(data)

    def let_through(self):
        want = base64.b64encode((self.options.proxy_auth or "").encode())
        if not self.options.proxy_auth or self.headers.get(
                "Proxy-Authorization") == "Basic " + want.decode():
            return True
        self.close_connection = True
        self.plain(407, {"Proxy-Authenticate": 'Basic realm="way"'})
        return False

    def serve(self, body):
        self.body = body
        time.sleep(self.options.delay / 1000)
        if not self.let_through():
            pass
        elif next(self.server.failures, False):
            self.fail()
        elif self.options.basic and not self.authorized():
            self.plain(401, {"WWW-Authenticate": self.options.challenge})
        elif self.options.header and not self.has_header():
            self.plain(400)
        elif self.mode == "stall":
            self.note("-")
            threading.Event().wait()
        elif self.mode == "html":
            self.whole(200, "text/html; charset=utf-8",
                       b"<!DOCTYPE html><title>Hello</title>\n")
        elif self.mode == "status":
            self.plain(int(self.argument))
        elif self.mode == "redirect":
            self.plain(301, {"Location": self.argument + self.path})
        elif self.mode == "loop":
            self.plain(302, {"Location": "/again" + self.path})
        elif self.mode == "dumb":
            self.dumb()
        elif self.argument and self.mode == "v0" and self.is_v2():
            self.plain(int(self.argument))
        elif self.mode != "moved" or not self.moved():
            self.upload_pack()

    def fail(self):
        status, _, retry = self.server.failure.partition(":")
        if status == "cut":
            self.note("-")
            self.close_connection = True
        else:
            self.plain(int(status), retry_after(retry))

    def is_v2(self):
        return self.body[4:].startswith(b"command=")

    def has_header(self):
        name, _, value = self.options.header.partition(":")
        return self.headers.get(name) == value.strip()

    def moved(self):
        status, _, where = self.argument.partition(":")
        old, _, new = where.partition("=")
        if not self.path.startswith("/" + old + "/"):
            return False
        self.plain(int(status), {"Location": new + self.path[1 + len(old):]})
        return True

    def dumb(self):
        url = urllib.parse.urlsplit(self.path)
        repository = self.repository(url.path, "/info/refs")
        if self.command != "GET" or not repository:
            self.plain(404)
            return
        refs = subprocess.run(["git", "-c", "safe.directory=*", "-C",
                               repository, "for-each-ref",
                               "--format=%(objectname)%09%(refname)"],
                              stdout=subprocess.PIPE, check=True).stdout
        self.whole(200, self.options.dumb_type, refs)

    def authorized(self):
        want = base64.b64encode(self.options.basic.encode()).decode()
        return self.headers.get("Authorization") == "Basic " + want

    def upload_pack(self):
        url = urllib.parse.urlsplit(self.path)
        path, advertise = url.path, False
        if self.command == "GET":
            advertise = url.query == "service=" + SERVICE
            tail = "/info/refs" if advertise else None
        else:
            tail = "/" + SERVICE
        repository = tail and self.repository(path, tail)
        if not repository and self.command == "GET" and self.file(path):
            return
        if not repository:
            self.plain(404)
            return
        if os.path.exists(os.path.join(repository, "raw.pack")):
            self.raw_pack(repository)
            return
        command = ["git", "-c", "safe.directory=*", "upload-pack",
                   "--stateless-rpc"]
        if advertise:
            command.append("--advertise-refs")
        if self.mode == "wrong-commit" and not advertise:
            self.swap_commit(repository)
        self.run(command + [repository], advertise)

    def raw_pack(self, repository):
        """Version 2 of the protocol alone, as gitprotocol-v2(5) has it."""
        if not self.is_v2():
            self.plain(404)
            return
        if self.body[4:].startswith(b"command=ls-refs"):
            with open(os.path.join(repository, "refs/heads/main")) as file:
                commit = file.read().strip()
            answer = b"".join(packet(line.encode()) for line in (
                f"{commit} HEAD symref-target:refs/heads/main\n",
                f"{commit} refs/heads/main\n"))
        else:
            with open(os.path.join(repository, "raw.pack"), "rb") as file:
                pieces = iter(lambda: file.read(65515), b"")
                answer = packet(b"packfile\n") + b"".join(
                    packet(b"\1" + piece) for piece in pieces)
        self.whole(200, f"application/x-{SERVICE}-result", answer + b"0000")

    def file(self, path):
        """Other files below the root are served as they are."""
        name = os.path.join(self.options.root,
                            urllib.parse.unquote(path).strip("/"))
        if ".." in path or not os.path.isfile(name):
            return False
        with open(name, "rb") as source:
            self.stream("application/octet-stream", b"", source)
        return True

    def swap_commit(self, repository):
        first = subprocess.run(["git", "-c", "safe.directory=*", "-C",
                                repository, "rev-list", "--max-parents=0",
                                "HEAD"], stdout=subprocess.PIPE,
                               check=True).stdout.strip()
        self.body = re.sub(rb"(?<=want )[0-9a-f]{40}", first, self.body)

    def repository(self, path, tail):
        if not path.endswith(tail):
            return None
        parts = urllib.parse.unquote(path[:-len(tail)]).strip("/").split("/")
        if any(part in ("", ".", "..") for part in parts):
            return None
        if self.mode == "suffix":
            if parts[-1].endswith(".git"):
                return None
            parts[-1] += ".git"
        repository = os.path.join(self.options.root, *parts)
        if not os.path.exists(os.path.join(repository, "HEAD")):
            return None
        return repository

    def run(self, command, advertise):
        environment = dict(os.environ)
        environment.pop("GIT_PROTOCOL", None)
        version = self.headers.get("Git-Protocol")
        if version and self.mode != "v0":
            environment["GIT_PROTOCOL"] = version
        what = "advertisement" if advertise else "result"
        head = b""
        if advertise and not (version and self.mode != "v0"):
            line = f"# service={SERVICE}\n".encode()
            head = b"%04x%s0000" % (len(line) + 4, line)
        with subprocess.Popen(command, env=environment,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as process:
            try:
                # Requests are far smaller than a pipe holds.
                process.stdin.write(self.body)
                process.stdin.close()
            except BrokenPipeError:
                pass
            source = process.stdout
            if self.mode == "short-pack":
                source = io.BytesIO(shorten(source.read()))
            try:
                self.stream(f"application/x-{SERVICE}-{what}", head, source)
            finally:
                process.kill()

    # ---- answers ----

    def note(self, status):
        command = "-"
        if self.is_v2():
            line = self.body[4:int(self.body[:4], 16)]
            command = line[8:].strip().decode("ascii", "replace")
        words = [self.command, self.path, str(status), command,
                 str(self.connection_number)]
        if "Authorization" in self.headers:
            words.append("auth")
        if getattr(self.connection, "session_reused", False):
            words.append("resumed")
        self.server.log_request(" ".join(words))

    def begin(self, status, headers):
        self.note(status)
        self.send_response(status)
        if status >= 400:
            headers = {**retry_after(self.options.retry_after), **headers}
        for name, value in headers.items():
            self.send_header(name, value)
        if self.options.no_keep_alive or self.options.http10:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def plain(self, status, headers=None):
        self.whole(status, "text/plain", f"status {status}\n".encode(),
                   headers)

    def whole(self, status, content_type, body, headers=None):
        self.begin(status, {"Content-Type": content_type,
                            "Content-Length": str(len(body)),
                            **(headers or {})})
        self.wfile.write(body)

    def stream(self, content_type, head, source):
        """Send what comes: chunked, or until the end of the connection."""
        headers = {"Content-Type": content_type, "Cache-Control": "no-cache"}
        self.chunked = not self.options.http10
        if self.chunked:
            headers["Transfer-Encoding"] = "chunked"
        self.begin(200, headers)
        sent = 0
        for piece in itertools.chain([head], iter(
                lambda: source.read1(PIECE), b"")):
            self.piece(piece, sent)
            sent += len(piece)
        if self.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def piece(self, piece, sent):
        if self.mode in ("truncate", "stop"):
            rest = int(self.argument) - sent
            if len(piece) > rest:
                self.chunk(piece[:rest])
                if self.mode == "stop":
                    self.wfile.flush()
                    threading.Event().wait()
                raise Ended
        if self.mode == "slow":
            for at in range(0, len(piece), 64):
                self.chunk(piece[at:at + 64])
                time.sleep(0.02)
        else:
            self.chunk(piece)

    def chunk(self, data):
        if data and self.chunked:
            data = b"%x\r\n%s\r\n" % (len(data), data)
        if data:
            self.wfile.write(data)


def serve(server):
    """Serve until somebody ends it; say the port once it is listened to."""
    port_file = server.options.port_file
    # The other threads are daemons: they end with this one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    if port_file:
        with open(port_file + ".new", "w") as file:
            file.write(f"{server.server_port}\n")
        os.replace(port_file + ".new", port_file)
    server.serve_forever()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, metavar="DIR")
    parser.add_argument("--port", type=int, default=0,
                        help="0, the default, takes a free one")
    parser.add_argument("--port-file", metavar="FILE",
                        help="gets the port once it is listened to")
    parser.add_argument("--cert", metavar="FILE", help="serve https")
    parser.add_argument("--key", metavar="FILE")
    parser.add_argument("--http10", action="store_true")
    parser.add_argument("--no-keep-alive", action="store_true")
    parser.add_argument("--client-ca", metavar="FILE",
                        help="take those only who have a certificate of it")
    parser.add_argument("--h2", action="store_true")
    parser.add_argument("--basic", metavar="USER:PASSWORD")
    parser.add_argument("--challenge", default='Basic realm="git"',
                        metavar="TEXT", help="WWW-Authenticate of a 401")
    parser.add_argument("--proxy-auth", metavar="USER:PASSWORD")
    parser.add_argument("--header", metavar="NAME:VALUE",
                        help="400 for whoever does not send it")
    parser.add_argument("--fail-first", metavar="N:STATUS[:RETRY]")
    parser.add_argument("--retry-after", metavar="RETRY")
    parser.add_argument("--dumb-type", default="text/plain", metavar="TYPE")
    parser.add_argument("--delay", type=float, default=0, metavar="MS")
    parser.add_argument("--mode", default="", metavar="MODE")
    parser.add_argument("--log", metavar="FILE")
    options = parser.parse_args()
    if not shutil.which("git"):
        parser.error("no git here")

    serve(Server(options))


if __name__ == "__main__":
    main()
