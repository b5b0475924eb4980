#!/usr/bin/env python3
"""hellos.py PORT-FILE COUNT - collect what TLS clients begin with.

Listens on loopback until COUNT clients have said hello, holds them until
then, and prints the 32 random bytes of each and the session id, in hex.
"""

import os
import socket
import sys


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            sys.exit("a client went away")
        data += more
    return data


def main():
    port_file, count = sys.argv[1], int(sys.argv[2])
    server = socket.create_server(("127.0.0.1", 0))
    with open(port_file + ".new", "w") as file:
        print(server.getsockname()[1], file=file)
    os.rename(port_file + ".new", port_file)
    held = []
    while len(held) < count:
        connection, _ = server.accept()
        held.append(connection)
        # RFC 8446, 5.1 and 4.1.2: record, handshake, version, random.
        record = exactly(connection, 5)
        hello = exactly(connection, int.from_bytes(record[3:5], "big"))
        if record[0] != 22 or hello[0] != 1:
            sys.exit("no hello of a client")
        print(hello[6:38].hex(), hello[39:39 + hello[38]].hex(), flush=True)


main()
