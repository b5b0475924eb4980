"""servers.py - the servers that roles come from, on loopback.

Web, a thread, answers from a table and from a directory.  It is a proxy as
well: a request for any host is looked up by its path, and CONNECT leads to
one port; and it stands in front of a server for git.

Program is one of tests/server, which do git and the API of Galaxy.
"""
import base64
import http.client
import http.server
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.realpath(__file__))


class Answer:
    def __init__(self, status=200, body=b"", **headers):
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value
                        for name, value in headers.items()}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def server_bind(self):
        # http.server would look up this machine's name.
        self.socket.bind(self.server_address)
        self.server_name = "localhost"
        self.server_address = self.socket.getsockname()
        self.server_port = self.server_address[1]

    def get_request(self):
        sock, address = super().get_request()
        if self.web.tls:
            sock = self.web.tls.wrap_socket(
                sock, server_side=True, do_handshake_on_connect=False)
        return sock, address

    def handle_error(self, request, client_address):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def do_HEAD(self):
        self.answer()

    def do_CONNECT(self):
        """A tunnel to the server that stands for all the others."""
        web = self.server.web
        web.note("CONNECT " + self.path)
        far = socket.create_connection(("127.0.0.1", web.behind))
        self.send_response(200)
        self.end_headers()
        near, self.close_connection = self.connection, True
        ends = {near: far, far: near}
        with far:
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)

    def answer(self):
        web = self.server.web
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if urllib.parse.urlsplit(self.path).scheme == "http":
            web.note("proxy " + self.path)
        url = urllib.parse.urlsplit(self.path)
        web.note("%s %s%s" % (self.command, url.path,
                              url.query and "?" + url.query),
                 self.headers.get("Authorization"))
        if web.git and url.path.endswith(("/info/refs",
                                          "/git-upload-pack")):
            answer = self.forward(web.git, body)
        else:
            answer = web.find(url.path, url.query, self.headers)
        if answer is None:
            self.close_connection = True
            return
        cut = getattr(answer, "cut", None)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if cut is not None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[:cut])

    def forward(self, port, body):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {name: self.headers[name] for name in
                   ("Content-Type", "Content-Encoding", "Git-Protocol")
                   if name in self.headers}
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return Answer(answer.status, body,
                      Content_Type=answer.headers["Content-Type"])


class Web:
    """routes: {path: bytes, Answer, None for no answer at all, or a
    function (query, headers) that returns one of these}."""

    def __init__(self, root, pem=None, basic=None):
        self.root, self.basic, self.routes = root, basic, {}
        self.lock = threading.Lock()
        self.requests, self.secrets = [], []
        self.git = self.tls = None
        if pem:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(pem)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.web = self
        self.port = self.behind = self.server.server_port
        self.host = "%s:%d" % ("localhost" if pem else "127.0.0.1",
                               self.port)
        self.url = ("https://" if pem else "http://") + self.host
        self.thread = threading.Thread(
            target=self.server.serve_forever,
            kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def begin(self):
        """Forget what was asked so far: the next program's turn."""
        with self.lock:
            self.requests, self.secrets = [], []

    def note(self, line, secret=None):
        with self.lock:
            self.requests.append(line)
            if secret:
                self.secrets.append((line, secret))

    def find(self, path, query, headers):
        if self.basic:
            want = "Basic " + base64.b64encode(self.basic.encode()).decode()
            if headers.get("Authorization") != want:
                return Answer(401, b"no", WWW_Authenticate='Basic realm="x"')
        answer = self.routes.get(path, Ellipsis)
        if callable(answer):
            answer = answer(query, headers)
        if answer is Ellipsis:
            answer = self.from_disk(urllib.parse.unquote(path))
        return Answer(200, answer) if isinstance(answer, bytes) else answer

    def from_disk(self, path):
        parts = path.strip("/").split("/")
        if parts[0] == "files" and ".." not in parts:
            try:
                with open(os.path.join(self.root, *parts[1:]), "rb") as file:
                    return file.read()
            except OSError:
                pass
        return Answer(404, b"not here")


class Program:
    """A program of tests/server, with a log of requests."""

    def __init__(self, name, top, environment, *options):
        self.files = {what: os.path.join(top, "%s-%s" % (name, what))
                      for what in ("port", "log", "data")}
        self.start = 0
        self.name, self.top, self.environment = name, top, environment
        self.options = options

    def run(self):
        program = os.path.join(HERE, "..", "server", self.name + ".py")
        self.process = subprocess.Popen(
            [sys.executable, program, "--port-file", self.files["port"],
             "--log", self.files["log"], *self.options],
            env=self.environment, stdin=subprocess.DEVNULL)
        for _ in range(1000):
            if os.path.exists(self.files["port"]):
                break
            time.sleep(0.02)
        with open(self.files["port"]) as file:
            self.port = int(file.read())
        self.url = "http://127.0.0.1:%d" % self.port
        return self

    def close(self):
        self.process.terminate()
        self.process.wait()

    def log(self):
        with open(self.files["log"]) as file:
            return file.read().splitlines()

    def begin(self):
        self.start = len(self.log())

    @property
    def requests(self):
        return self.log()[self.start:]


class Galaxy(Program):
    """tests/server/galaxy.py, and the roles that it knows."""

    def __init__(self, root, top, environment):
        super().__init__("galaxy", top, environment, "--root", root,
                         "--data", os.path.join(top, "galaxy-data"))
        self.root, self.roles = root, {}
        self.save()
        self.run()

    def save(self):
        with open(self.files["data"] + ".new", "w") as file:
            json.dump({"roles": self.roles}, file)
        os.replace(self.files["data"] + ".new", self.files["data"])

    def role(self, name, versions=(), make=None, **more):
        """Galaxy knows OWNER.ROLE with these versions: names, or maps as
        the API gives them.  make(version) gives the archive."""
        listed = []
        for version in versions:
            if not isinstance(version, dict):
                path = "%s/%s.tar.gz" % (name, version)
                os.makedirs(os.path.join(self.root, name), exist_ok=True)
                with open(os.path.join(self.root, path), "wb") as file:
                    file.write(make(version))
                version = {"name": version,
                           "download_url": "@URL@/archives/" + path}
            listed.append(version)
        self.roles[name] = {"id": len(self.roles) + 1, "role_type": "ANS",
                            "name": name.rpartition(".")[2],
                            "github_branch": "main", "versions": listed,
                            **more}
        self.save()
