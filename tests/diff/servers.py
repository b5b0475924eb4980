"""servers.py - the servers that roles come from, on loopback, as threads.

Web answers from a table and from a directory, and is a proxy as well: a
request for any host is looked up by its path, and CONNECT leads to itself.
Galaxy is a Web with version 1 of Galaxy's API over roles that it makes.
"""
import base64
import http.server
import json
import os
import select
import socket
import ssl
import threading
import urllib.parse


class Answer:
    def __init__(self, status=200, body=b"", **headers):
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value
                        for name, value in headers.items()}


def as_json(value, status=200):
    return Answer(status, json.dumps(value).encode(),
                  Content_Type="application/json")


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
        if size:
            self.rfile.read(size)
        if urllib.parse.urlsplit(self.path).scheme == "http":
            web.note("proxy " + self.path)
        url = urllib.parse.urlsplit(self.path)
        web.note("%s %s%s" % (self.command, url.path,
                              url.query and "?" + url.query),
                 self.headers.get("Authorization"))
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


class Web:
    """routes: {path: bytes, Answer, None for no answer at all, or a
    function (query, headers) that returns one of these}."""

    def __init__(self, root, pem=None, basic=None):
        self.root, self.basic, self.routes = root, basic, {}
        self.lock = threading.Lock()
        self.requests, self.secrets = [], []
        self.tls = None
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


class Galaxy(Web):
    """Version 1 of Galaxy's API, with pages of 50 versions."""

    PAGE = 50

    def __init__(self, root, **options):
        super().__init__(root, **options)
        self.roles = {}
        self.routes["/api/"] = self.routes["/api"] = as_json(
            {"available_versions": {"v1": "v1/"}})
        self.routes["/"] = Answer(200, b"<html>people</html>")
        self.routes["/api/v1/roles/"] = self.lookup

    def role(self, name, versions=(), make=None, **more):
        """Galaxy knows OWNER.ROLE with these versions: names, or maps as
        the API gives them.  make(version) gives the archive."""
        number = len(self.roles) + 1
        owner, _, role = name.rpartition(".")
        entry = {"id": number, "name": role, "role_type": "ANS",
                 "github_branch": "main",
                 "summary_fields": {"namespace": {"name": owner}}}
        entry.update(more)
        self.roles[name] = entry
        listed = []
        for version in versions:
            if not isinstance(version, dict):
                path = "/archive/%s/%s.tar.gz" % (name, version)
                self.routes[path] = make(version)
                version = {"name": version, "download_url": self.url + path}
            listed.append(version)
        base = "/api/v1/roles/%d/versions/" % number
        self.routes[base] = lambda query, _: self.page(base, listed, query)
        return base

    def lookup(self, query, _):
        asked = dict(urllib.parse.parse_qsl(query))
        name = "%s.%s" % (asked.get("owner__username") or
                          asked.get("namespace"), asked.get("name"))
        found = self.roles.get(name)
        return as_json({"count": 1 if found else 0, "next_link": None,
                        "results": [found] if found else []})

    def page(self, base, listed, query):
        asked = dict(urllib.parse.parse_qsl(query))
        page, size = int(asked.get("page", 1)), self.PAGE
        rest = listed[page * size:]
        return as_json({
            "count": len(listed),
            "next_link": "%s?page=%d&page_size=%d" % (base, page + 1, size)
            if rest else None,
            "results": listed[(page - 1) * size:page * size]})
