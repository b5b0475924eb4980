#!/usr/bin/env python3
"""socks5.py PORT-FILE LOG - a SOCKS5 proxy on the loopback interface.

As RFC 1928 has it, without authentication.  Every host name is this machine.
Writes "host port" for each connection to LOG.
"""
import os
import socket
import struct
import sys
import threading


def exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def copy(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
    except OSError:
        pass
    for sock in a, b:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client, log):
    exactly(client, exactly(client, 2)[1])
    client.sendall(b"\5\0")
    kind = exactly(client, 4)[3]
    if kind == 3:
        host = exactly(client, exactly(client, 1)[0]).decode()
    else:
        host = socket.inet_ntop(
            socket.AF_INET if kind == 1 else socket.AF_INET6,
            exactly(client, 4 if kind == 1 else 16))
    port = struct.unpack("!H", exactly(client, 2))[0]
    with open(log, "a") as file:
        file.write(f"{host} {port}\n")
    server = socket.create_connection(("127.0.0.1", port))
    client.sendall(b"\5\0\0\1" + bytes(6))
    threading.Thread(target=copy, args=(server, client), daemon=True).start()
    copy(client, server)


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    with open(sys.argv[1] + ".new", "w") as file:
        file.write(f"{listener.getsockname()[1]}\n")
    os.replace(sys.argv[1] + ".new", sys.argv[1])
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, sys.argv[2]),
                         daemon=True).start()


main()
