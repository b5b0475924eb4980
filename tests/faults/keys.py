#!/usr/bin/env python3
"""keys.py --stall URL --slow URL - press keys while kelpie installs on a
terminal.

Each case looks at how it ended, how long that took, what it left on the
terminal and in the roles directory, and that no process lives on.
"""
import argparse
import ctypes
import os
import pty
import re
import resource
import select
import signal
import sys
import termios
import time

KELPIE = os.environ["KELPIE"]
PR_SET_CHILD_SUBREAPER = 36
LONG = 20
LOGS = "requests1.log", "requests2.log"


class Terminal:
    def __init__(self, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)
        self.before = termios.tcgetattr(self.fd)
        self.seen = b""

    def read(self, seconds):
        """False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.seen += data
        return bool(data)

    def wait_for(self, pattern, or_end=False):
        end = time.monotonic() + LONG
        while not re.search(pattern, self.seen):
            assert time.monotonic() < end, f"no {pattern}: {self.seen}"
            if not self.read(0.05):
                assert or_end or re.search(pattern, self.seen), \
                    f"ended without {pattern}: {self.seen}"
                return

    def press(self, keys):
        os.write(self.fd, keys)

    def end(self):
        """Returns the status, and the seconds that it took."""
        begun = time.monotonic()
        while self.read(0.05):
            assert time.monotonic() < begun + LONG, f"no end: {self.seen}"
        status = os.waitpid(self.pid, 0)[1]
        took = time.monotonic() - begun
        assert termios.tcgetattr(self.fd) == self.before, "other settings"
        os.close(self.fd)
        return status, took


def workers(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def state(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


def until(what, condition):
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.005)


def no_orphan():
    begun = time.monotonic()
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        assert time.monotonic() < begun + 2, "a process lives on"
        time.sleep(0.005)


def check(status, signo, took, limit):
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signo, status
    assert took < limit, f"{took:.2f} s"
    no_orphan()
    if signo != signal.SIGQUIT:
        left = set(os.listdir("roles/.kelpie")) - {
            ".gitignore", "lock", "state"}
        assert not left, f"left: {left}"
    roles = set(os.listdir("roles")) - {".kelpie"}
    assert not roles, f"half a role: {roles}"


def asked():
    """How many requests the servers saw."""
    return sum(open(log).read().count("\n") for log in LOGS)


def begun(url):
    """Two roles, with workers that wait for the server."""
    before = asked()
    t = Terminal(KELPIE, "install", "-p", "roles", "--no-cache",
                 f"git+{url}/one.git,v1", f"git+{url}/one.git,v1,other")
    t.wait_for(rb"one")
    until("workers", lambda: len(workers(t.pid)) == 2 and asked() == before + 2)
    return t


def taken(pid):
    """No SIGINT is on its way to it: two of them would be one."""
    try:
        with open(f"/proc/{pid}/status") as file:
            text = file.read()
    except FileNotFoundError:
        return True
    pending = re.findall(r"^S..Pnd:\s*(\w+)", text, re.M)
    return "State:\tZ" in text or not any(int(word, 16) & 1 << signal.SIGINT - 1 for word in pending)


def interrupt(args, times, deaf, limit):
    t = begun(args.stall)
    if deaf:
        for pid in workers(t.pid):
            os.kill(pid, signal.SIGSTOP)
        until("deaf workers", lambda: all(
            state(pid) == "T" for pid in workers(t.pid)))
    start = time.monotonic()
    for n in range(times):
        t.press(b"\x03")
        # The terminal answers when it has sent the signal; the second may
        # come when nobody is there any more.
        t.wait_for(rb"(\^C[^^]*)" * (n + 1), or_end=n > 0)
        until("a signal", lambda: taken(t.pid))
    status, _ = t.end()
    took = time.monotonic() - start
    check(status, signal.SIGINT, took, limit)
    assert re.search(rb"\n(\^C)?$", t.seen), t.seen[-80:]
    assert b"^C" in t.seen
    return took


def quit_key(args):
    t = begun(args.stall)
    t.press(b"\x1c")
    status, took = t.end()
    check(status, signal.SIGQUIT, took, 1)
    return took


def hang_up(args):
    """The window is closed."""
    t = begun(args.stall)
    os.close(t.fd)
    start = time.monotonic()
    status = os.waitpid(t.pid, 0)[1]
    took = time.monotonic() - start
    check(status, signal.SIGHUP, took, 3)
    return took


def installed():
    for name in "one", "other":
        with open(f"roles/{name}/tasks/main.yml") as file:
            assert "one v1" in file.read()


def stop_and_go_on(args):
    """Ctrl-Z stops the workers as well; all go on with SIGCONT."""
    t = begun(args.slow)
    pids = workers(t.pid)
    t.press(b"\x1a")
    assert os.WIFSTOPPED(os.waitpid(t.pid, os.WUNTRACED)[1])
    until("stopped workers", lambda: all(state(p) == "T" for p in pids))
    while select.select([t.fd], [], [], 0)[0]:
        t.read(0)
    assert re.search(rb"(\n|\x1b\[J|\x1b\[K|\r)$", t.seen), t.seen[-80:]
    os.kill(t.pid, signal.SIGCONT)
    status, took = t.end()
    assert status == 0, f"{status}: {t.seen}"
    installed()
    no_orphan()
    return took


def shell(args):
    """The same as people do it, and a Ctrl-C that ends a loop."""
    os.environ.update(PS1="ready> ", ENV="")
    t = Terminal("sh", "-i")
    t.wait_for(rb"ready> $")
    specs = f"git+{args.slow}/one.git,v1 git+{args.slow}/one.git,v1,other"
    t.press(f"{KELPIE} install -f -p roles --no-cache {specs}\n".encode())
    t.wait_for(rb"\n.*one")
    t.press(b"\x1a")
    t.wait_for(rb"Stopped[^\n]*\n(.*\n)*.*ready> $")
    t.press(b"fg\n")
    t.wait_for(rb"2 (installed|updated)(.*\n)*.*ready> $")
    installed()
    t.press(b"echo status=$?\n")
    t.wait_for(rb"status=0")
    t.seen = b""
    stalls = f"git+{args.stall}/one.git,v1,third"
    t.press(f"for i in 1 2; do echo round=$i; {KELPIE} install -p roles "
            f"{stalls}; done\n".encode())
    t.wait_for(rb"round=1\r\n(.*\n)*.*third")
    t.press(b"\x03")
    t.wait_for(rb"ready> $")
    assert b"round=2" not in t.seen, "the loop went on"
    t.press(b"exit 0\n")
    status, took = t.end()
    assert status == 0, status
    no_orphan()
    return took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stall", required=True)
    parser.add_argument("--slow", required=True)
    args = parser.parse_args()
    os.environ["TERM"] = "xterm"
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    cases = {
        "Ctrl-C": lambda: interrupt(args, 1, False, 2),
        "Ctrl-C twice": lambda: interrupt(args, 2, False, 2),
        "Ctrl-C, deaf workers": lambda: interrupt(args, 1, True, 3),
        "Ctrl-C twice, deaf workers":
            lambda: interrupt(args, 2, True, 1.5),
        "Ctrl-\\": lambda: quit_key(args),
        "hang-up": lambda: hang_up(args),
        "Ctrl-Z": lambda: stop_and_go_on(args),
        "a shell": lambda: shell(args),
    }
    for name, case in cases.items():
        try:
            print(f"{name}: {case():.2f} s")
        except AssertionError as why:
            sys.exit(f"{name}: {why}")


main()
