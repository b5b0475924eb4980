#!/usr/bin/env python3
"""terminal.py [-s COLSxROWS] [-k PATTERN KEYS]... COMMAND... - run on a terminal.

Prints what COMMAND wrote.  Sends KEYS (with \\n, \\x03 and the like) once
PATTERN has been seen; "resize:COLSxROWS" changes the size instead.  Leaves
with COMMAND's status, 128 + n for a signal, 125 after a minute.
"""
import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time


def size(fd, text):
    cols, rows = map(int, text.split("x"))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def wait_until_idle(pid):
    """A signal that comes between a question and the wait for the answer is
    seen only with the next key."""
    for _ in range(2000):
        try:
            with open("/proc/%d/stat" % pid) as f:
                if f.read().rpartition(")")[2].split()[0] != "R":
                    return
        except OSError:
            return
        time.sleep(0.001)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-s", default="80x24")
    ap.add_argument("-k", nargs=2, action="append", default=[])
    ap.add_argument("command", nargs=argparse.REMAINDER)
    a = ap.parse_args()
    pid, fd = pty.fork()
    if pid == 0:
        size(0, a.s)
        os.execvp(a.command[0], a.command)
    before = termios.tcgetattr(fd)
    seen, todo, end = b"", list(a.k), time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([fd], [], [], 1)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
        while todo and re.search(todo[0][0].encode(), seen):
            keys = todo.pop(0)[1]
            wait_until_idle(pid)
            if keys.startswith("resize:"):
                size(fd, keys[7:])
            else:
                os.write(fd, keys.encode().decode("unicode_escape").encode())
    else:
        os.kill(pid, 9)
    after = termios.tcgetattr(fd)
    sys.stdout.buffer.write(seen)
    sys.stdout.flush()
    status = os.waitpid(pid, 0)[1]
    if after != before:
        sys.exit("the terminal's settings were changed")
    if time.monotonic() >= end:
        sys.exit(125)
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


main()
