"""netserver.py - ports of loopback on which the cases of network.py are
played.  Each case has a port of its own for each way that leads there:

    http    git's version 2        old      git's version of old, over http
    https   the same over TLS      daemon   git://
    ssh     git behind a stand-in for ssh, which connects to the port
    tar     an archive over http   star     an archive over https

The cases of the way galaxy share a port, as roles of one Galaxy.  What is
said well is an Answer; a case turns it into what is sent.
"""
import base64
import re
import selectors
import socket
import ssl
import struct
import threading
import time
import traceback

import goods

HANG = object()  # say no more, and stay
RESET = object()  # leave with a TCP reset
TLS = {"https", "star"}
GIT = {"http", "old", "https", "daemon", "ssh"}
WEB = {"http", "old", "https", "tar", "star"}
TYPE = "application/x-git-upload-pack-"


class Answer:
    """kind is "refs", "advert", "pack", "archive", "role" or "versions"."""

    def __init__(self, kind, body, content_type=None, port=None, path=""):
        self.kind, self.body, self.port, self.path = kind, body, port, path
        self.content_type = content_type  # None: no http
        self.status = "HTTP/1.1 200 OK"
        self.headers = []
        self.asked = {}  # the headers of the request

    def head(self, length=True, status=None):
        if self.content_type is None:
            return b""  # git says so itself
        lines = [status or self.status, "Content-Type: " + self.content_type]
        if length:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines + self.headers).encode("latin-1") + b"\r\n\r\n"

    def whole(self):
        return self.head() + self.body


class Port:
    """One that is listened to.  secret is what may be sent here."""

    def __init__(self, farm, case, way, address="127.0.0.1"):
        self.farm, self.case, self.way = farm, case, way
        self.socket = socket.create_server((address, 0), backlog=64)
        self.number = self.socket.getsockname()[1]
        self.address = address
        self.secret = None
        self.calls = 0
        self.talk = Talk

    def release(self):
        """Somebody else listens here."""
        self.farm.selector.unregister(self.socket)
        self.socket.close()

    def origin(self, scheme=None):
        host = "localhost" if self.way in TLS else self.address
        scheme = scheme or ("https" if self.way in TLS else "http")
        return f"{scheme}://{host}:{self.number}"


class Farm:
    def __init__(self, log, contexts=None):
        self.log_file = open(log, "a")
        self.lock = threading.Lock()
        self.selector = selectors.DefaultSelector()
        self.contexts = contexts or {}
        self.ports = []

    def log(self, *words):
        with self.lock:
            print(*words, file=self.log_file, flush=True)

    def listen(self, case, way, address="127.0.0.1"):
        port = Port(self, case, way, address)
        self.ports.append(port)
        self.selector.register(port.socket, selectors.EVENT_READ, port)
        return port

    def serve(self):
        threading.stack_size(256 << 10)
        while True:
            for key, _ in self.selector.select():
                sock, _ = key.fileobj.accept()
                key.data.calls += 1
                threading.Thread(target=self.talk, daemon=True,
                                 args=(key.data, sock)).start()

    def talk(self, port, sock):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(60)
            port.talk(self, port, sock).run()
        except (OSError, ValueError, EOFError):
            pass
        except Exception:
            self.log("BUG", port.case.name, port.way,
                     traceback.format_exc().replace("\n", " | "))
        finally:
            sock.close()


class Talk:
    """One connection."""

    def __init__(self, farm, port, sock):
        self.farm, self.port, self.sock = farm, port, sock
        self.case, self.way = port.case, port.way

    def run(self):
        opened = self.case.opened
        if opened and not self.play(opened(self.port, self.sock)):
            return
        if self.way in TLS:
            name = self.case.certificate(self.port)
            self.sock = self.farm.contexts[name].wrap_socket(
                self.sock, server_side=True)
        self.stream = self.sock.makefile("rb")
        if self.way in ("daemon", "ssh"):
            self.git()
        else:
            while self.web():
                pass

    # ---- what is sent ----

    def play(self, actions):
        """True if the connection is still good for something."""
        for action in actions:
            if action is HANG:
                # Until the other end leaves.
                while self.sock.recv(65536):
                    pass
                return False
            if action is RESET:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                     struct.pack("ii", 1, 0))
                return False
            if action is None:
                return False
            if isinstance(action, float):
                time.sleep(action)
            else:
                self.sock.sendall(action)
        return True

    def say(self, answer):
        if answer.kind in self.case.kinds or "any" in self.case.kinds:
            return self.play(self.case.spoil(answer))
        return self.play([answer.whole()])

    # ---- http ----

    def request(self):
        first = self.stream.readline(65536).decode("latin-1").split()
        if len(first) < 2:
            return None
        headers = {}
        while True:
            text = self.stream.readline(65536).decode("latin-1").strip()
            if not text:
                break
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        body = self.stream.read(int(headers.get("content-length", 0)))
        return first[0], first[1], headers, body

    def secrets(self, headers):
        """Every secret that comes in is that of this very port."""
        given = headers.get("authorization", "")
        if given.startswith("Basic "):
            given = base64.b64decode(given[6:]).decode().partition(":")[2]
        elif given.startswith("Token "):
            given = given[6:]
        if given and given != self.port.secret:
            self.farm.log("LEAK", self.case.name, self.way, given)
        elif given:
            self.farm.log("known", self.case.name, self.way)
        for name, value in headers.items():
            if "c4n4ry" in value and name != "authorization":
                self.farm.log("LEAK", self.case.name, self.way, name, value)

    def web(self):
        request = self.request()
        if not request:
            return False
        method, path, headers, body = request
        self.secrets(headers)
        if "c4n4ry" in path:
            self.farm.log("LEAK", self.case.name, self.way, path)
        self.farm.log("asked", self.case.name, self.way, method, path)
        answer = self.good(method, path, body)
        answer.asked = headers
        return self.say(answer)

    def good(self, method, path, body):
        port = self.port
        if path.endswith(".tar.gz"):
            return Answer("archive", goods.ARCHIVE,
                          "application/octet-stream", port, path)
        if method == "GET" and self.way == "old":
            first = goods.line("# service=git-upload-pack\n") + goods.FLUSH
            return Answer("advert", first + goods.advert(),
                          TYPE + "advertisement", port, path)
        if method == "GET":
            return Answer("greeting", goods.GREETING, TYPE + "advertisement",
                          port, path)
        if self.way == "old" and b"command=" in body:
            no = Answer("no", b"", "text/plain", port, path)
            no.status = "HTTP/1.1 400 Bad Request"
            return no
        if b"command=ls-refs" in body:
            return Answer("refs", goods.refs(), TYPE + "result", port, path)
        return Answer("pack", goods.fetched(old=self.way == "old"),
                      TYPE + "result", port, path)

    # ---- git without http ----

    def packets(self):
        """Up to the next flush."""
        out = b""
        while True:
            head = self.stream.read(4)
            if len(head) < 4:
                raise EOFError
            size = int(head, 16)
            out += head
            if size == 0:
                return out
            out += self.stream.read(max(size - 4, 0))

    def git(self):
        if self.way == "daemon":
            self.stream.read(int(self.stream.read(4), 16) - 4)
        if not self.say(Answer("greeting", goods.GREETING, None, self.port)):
            return
        while True:
            request = self.packets()
            if b"command=ls-refs" in request:
                answer = Answer("refs", goods.refs(), None, self.port)
            elif b"command=fetch" in request:
                answer = Answer("pack", goods.fetched(), None, self.port)
            else:
                return
            if not self.say(answer):
                return


class GalaxyTalk(Talk):
    """Many cases, told apart by the name of the role that is asked for."""

    def good(self, method, path, body):
        port = self.port
        kind = "application/json"
        if path.rstrip("/") == "/api":
            return Answer("api", b'{"available_versions": {"v1": "v1/"}}',
                          kind, port, path)
        name = re.search(r"name=(H[^&]*)|roles/(H[^/]*)/versions", path)
        if not name:
            no = Answer("no", b"{}", kind, port, path)
            no.status = "HTTP/1.1 404 Not Found"
            return no
        name = name.group(1) or name.group(2)
        self.case = port.cases[name]
        if "/versions" in path:
            return Answer("versions", goods.galaxy_versions(
                port.archives.origin() + f"/{name}.tar.gz"), kind, port, path)
        return Answer("role", goods.galaxy_role(name), kind, port, path)

    def run(self):
        self.stream = self.sock.makefile("rb")
        while self.web():
            self.case = self.port.case


def context(certificate, key, most=None):
    """A server's.  With most, versions of TLS up to that one alone."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    if most:
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.TLSv1
        made.maximum_version = most
    return made
