#!/usr/bin/env python3
"""dnsserve.py LOG - a name server on 127.0.0.2:53.

Every name below "udp.test" is 127.0.0.1; so is one below "tcp.test", but a
datagram gets half an answer, which sends the client to TCP.  LOG gets a line
"udp NAME" or "tcp NAME" for each question.
"""

import socketserver
import struct
import sys
import threading


def question(data):
    labels, at = [], 12
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += data[at] + 1
    return ".".join(labels), struct.unpack_from(">H", data, at + 1)[0], at + 5


def answer(data, over):
    name, kind, end = question(data)
    with open(sys.argv[1], "a") as log:
        print(over, name, file=log)
    flags, records = 0x8180, b""
    if not name.endswith((".udp.test", ".tcp.test")):
        flags |= 3
    elif over == "udp" and name.endswith(".tcp.test"):
        flags |= 0x200
    elif kind == 1:
        records = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + \
            bytes((127, 0, 0, 1))
    return data[:2] + struct.pack(">HHHHH", flags, 1, bool(records), 0, 0) + \
        data[12:end] + records


class Datagrams(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(answer(data, "udp"), self.client_address)


class Streams(socketserver.StreamRequestHandler):
    def handle(self):
        while size := self.rfile.read(2):
            said = answer(self.rfile.read(int.from_bytes(size, "big")), "tcp")
            self.wfile.write(len(said).to_bytes(2, "big") + said)


def main():
    at = ("127.0.0.2", 53)
    with socketserver.ThreadingUDPServer(at, Datagrams) as udp, \
            socketserver.ThreadingTCPServer(at, Streams) as tcp:
        threading.Thread(target=udp.serve_forever, daemon=True).start()
        open(sys.argv[1], "a").close()
        tcp.serve_forever()


main()
