#!/usr/bin/env python3
"""galaxy.py - a Galaxy server, API version 1, that knows a few roles.

--data FILE is JSON and read anew for every request; @URL@ in it stands for
the server's own address:

    {"root": "/api",               where the API is
     "v1": "v1/",                  null: a server without roles
     "roles": {"me.one": {
         "id": 7, "github_user": "me", ...    given out as they are
         "versions": ["1.0.0", {"name": "1.2.0", "download_url": "..."}],
         "fail": {"role": "2:503:1", "versions": "*:500"}}}}

A role's "fail" answers the first N questions (all for "*") for the role or
for its versions with a status; "N:STATUS[:RETRY]", where RETRY is a
Retry-After and the STATUS may be "cut": half of the answer.  "next_link",
"page_size" and "raw" (the whole body) spoil the list of versions.

--mode makes the whole server misbehave:
    html            answers everything with a page for people
    status:NNN      answers everything with this status
    stall           never answers
    slow:MS         waits so long before each answer
    redirect:URL    answers with 302 to URL and the path that was asked for

Files below --root are served below /archives/.  --log FILE gets one line a
request: method, path, status, the number of the connection, and "auth" if
the request came with credentials.
"""

import argparse
import base64
import http.server
import json
import os
import threading
import time
import urllib.parse

import gitserve

PAGE = b"<!DOCTYPE html><html><body>Galaxy</body></html>\n"


class Server(gitserve.Server):
    def __init__(self, options):
        options.fail_first = None
        options.client_ca = None
        options.h2 = False
        super().__init__(options, Handler)
        self.failed = {}
        self.failed_lock = threading.Lock()

    def url(self):
        if self.tls:
            return f"https://localhost:{self.server_port}"
        return f"http://127.0.0.1:{self.server_port}"

    def data(self):
        with open(self.options.data) as file:
            return json.loads(file.read().replace("@URL@", self.url()))

    def due(self, name, what, role):
        """The status and Retry-After of a failure that is due, or None."""
        plan = role.get("fail", {}).get(what)
        if not plan:
            return None
        count, status, *retry = plan.split(":", 2)
        with self.failed_lock:
            seen = self.failed.get((name, what), 0)
            self.failed[name, what] = seen + 1
        if count != "*" and seen >= int(count):
            return None
        return status, retry[0] if retry else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "galaxy"

    def setup(self):
        super().setup()
        self.connection_number = next(self.server.connections)

    def handle(self):
        try:
            super().handle()
        except (OSError, gitserve.Ended):
            self.close_connection = True

    def log_message(self, *args):
        pass

    def do_GET(self):
        mode, _, argument = self.server.options.mode.partition(":")
        if mode == "stall":
            threading.Event().wait()
        elif mode == "slow":
            time.sleep(int(argument) / 1000)
        if mode == "html":
            self.answer(200, PAGE, "text/html; charset=utf-8")
        elif mode == "status":
            self.nothing(int(argument))
        elif mode == "redirect":
            self.nothing(302, {"Location": argument + self.path})
        elif self.path.startswith("/archives/"):
            self.archive()
        elif not self.authorized():
            self.nothing(401, {"WWW-Authenticate": "Token"})
        else:
            self.api()

    # ---- the API ----

    def authorized(self):
        options = self.server.options
        given = self.headers.get("Authorization")
        if options.token:
            return given == "Token " + options.token
        if options.basic:
            return given == "Basic " + base64.b64encode(
                options.basic.encode()).decode()
        return True

    def api(self):
        data = self.server.data()
        root = data.get("root", "/api")
        url = urllib.parse.urlsplit(self.path)
        path = url.path.rstrip("/")
        query = dict(urllib.parse.parse_qsl(url.query))
        v1 = f"{root}/{(data.get('v1', 'v1') or '').strip('/')}/roles"
        parts = path[len(v1):].strip("/").split("/")
        if path == root.rstrip("/"):
            self.discovery(data)
        elif not data.get("v1", "v1") or not path.startswith(v1):
            self.nothing(404)
        elif parts == [""]:
            self.role(data, query)
        elif len(parts) == 2 and parts[1] == "versions":
            self.versions(data, parts[0], url.path, query)
        else:
            self.nothing(404)

    def discovery(self, data):
        versions = {"v3": "v3/"}
        if data.get("v1", "v1/"):
            versions["v1"] = data.get("v1", "v1/")
        self.say({"description": "GALAXY REST API",
                  "available_versions": versions})

    def role(self, data, query):
        name = "{owner__username}.{name}".format(
            **{"owner__username": "", "name": "", **query})
        role = data["roles"].get(name)
        if role is None:
            self.say({"count": 0, "next_link": None, "results": []})
            return
        hidden = ("versions", "fail", "next_link", "page_size", "raw")
        shown = {key: value for key, value in role.items()
                 if key not in hidden}
        self.say({"count": 1, "next_link": None, "results": [shown]},
                 self.server.due(name, "role", role))

    def versions(self, data, number, path, query):
        for name, role in data["roles"].items():
            if str(role["id"]) == number:
                break
        else:
            self.nothing(404)
            return
        size = role.get("page_size", int(query.get("page_size", 10)))
        page = int(query.get("page", 1))
        entries = [entry if isinstance(entry, dict) else {"name": entry}
                   for entry in role.get("versions", [])]
        more = None
        if page * size < len(entries):
            more = f"{path}?page={page + 1}&page_size={size}"
        answer = {"count": len(entries),
                  "next_link": role.get("next_link", more),
                  "results": entries[(page - 1) * size:page * size]}
        self.say(role.get("raw", answer),
                 self.server.due(name, "versions", role))

    # ---- answers ----

    def say(self, what, failure=None):
        body = what.encode() if isinstance(what, str) else json.dumps(
            what).encode()
        if not failure:
            self.answer(200, body, "application/json")
        elif failure[0] == "cut":
            self.answer(200, body, "application/json", cut=True)
        else:
            self.nothing(int(failure[0]), gitserve.retry_after(failure[1]))

    def archive(self):
        name = urllib.parse.unquote(self.path[len("/archives/"):])
        path = os.path.join(self.server.options.root or "", name)
        if ".." in name.split("/") or not os.path.isfile(path):
            self.nothing(404)
            return
        with open(path, "rb") as file:
            self.answer(200, file.read(), "application/octet-stream")

    def nothing(self, status, headers=None):
        self.answer(status, f"status {status}\n".encode(), "text/plain",
                    headers)

    def answer(self, status, body, content_type, headers=None, cut=False):
        words = [self.command, self.path, str(status),
                 str(self.connection_number)]
        if "Authorization" in self.headers:
            words.append("auth")
        self.server.log_request(" ".join(words))
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if cut else body)
        if cut:
            raise gitserve.Ended


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, metavar="FILE")
    parser.add_argument("--root", metavar="DIR")
    parser.add_argument("--port", type=int, default=0,
                        help="0, the default, takes a free one")
    parser.add_argument("--port-file", metavar="FILE",
                        help="gets the port once it is listened to")
    parser.add_argument("--cert", metavar="FILE", help="serve https")
    parser.add_argument("--key", metavar="FILE")
    parser.add_argument("--token", metavar="TOKEN")
    parser.add_argument("--basic", metavar="USER:PASSWORD")
    parser.add_argument("--mode", default="", metavar="MODE")
    parser.add_argument("--log", metavar="FILE")
    gitserve.serve(Server(parser.parse_args()))


if __name__ == "__main__":
    main()
