"""lab.py - builds the program, starts redis and the slow wires, and measures what a thing costs."""
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WARNINGS = ("-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes "
            "-Wold-style-definition -Wvla -Wformat=2 -Wundef -Wcast-qual -Wwrite-strings -Wnull-dereference -Werror").split()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Program:
    """One process of the benchmark, with keys of its own."""

    def __init__(self, binary, directory, loops):
        os.makedirs(directory, exist_ok=True)
        self.p = subprocess.Popen([binary, directory, str(loops)], text=True, bufsize=1,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *words):
        self.p.stdin.write(" ".join(map(str, words)) + "\n")
        self.p.stdin.flush()
        answer = self.p.stdout.readline().split()
        if not answer:
            sys.exit("the program ended; asked was: " + " ".join(map(str, words)))
        return answer

    def close(self):
        self.p.stdin.close()
        if self.p.wait() != 0:
            sys.exit("the program failed")


class Lab:
    """Everything that runs; it is gone after close()."""

    def __init__(self, directory, delays):
        self.dir = tempfile.mkdtemp(prefix="kelpie-pools.", dir=directory)
        self.running, self.programs, self.proxy = [], [], {}
        try:
            self.binary = self.dir + "/pools"
            self.build(self.binary, [HERE + "/" + f for f in ("main.c", "task.c", "pool.c", "rule.c")],
                       ["-pthread", "-lhiredis", *WARNINGS])
            self.build(self.dir + "/delay", [os.path.dirname(HERE) + "/delay.c"], [])
            self.redis = free_port()
            self.server = self.start("redis-server", "--bind", "127.0.0.1", "--port", str(self.redis), "--save", "",
                                     "--appendonly", "no", "--dir", self.dir)
            self.wait(self.redis)
            for ms in delays:
                port = free_port()
                self.proxy[ms] = (port, self.start(self.dir + "/delay", str(port), str(self.redis), str(ms)))
                self.wait(port)
            self.loops = 1
            self.loops = float(self.program("calibrate").ask("calibrate")[0])
        except BaseException:
            self.close()
            raise

    @staticmethod
    def build(out, files, flags):
        subprocess.run(["cc", "-std=c11", "-O2", "-D_GNU_SOURCE", "-o", out, *files, *flags], check=True)

    def start(self, *command):
        with open("%s/%d.out" % (self.dir, len(self.running)), "w") as log:
            self.running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                 start_new_session=True))
        return self.running[-1].pid

    def wait(self, port):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.02)
        sys.exit("nothing listens on %d" % port)

    def program(self, name):
        """A process of the benchmark whose keys are all there."""
        p = Program(self.binary, "%s/%s" % (self.dir, name), self.loops)
        p.ask("reset", "file", 0)
        p.ask("reset", "redis", self.redis)
        self.programs.append(p)
        return p

    def where(self, store, ms):
        """What the program calls it."""
        if store == "redis":
            return "redis", self.proxy[ms][0] if ms else self.redis
        return store, ms * 1000

    def run(self, program, store, ms, n, us, kind, width):
        return tuple(map(float, program.ask("pass", kind, width, *self.where(store, ms), n, us)))

    def check(self):
        """Was every key written as often as was told?"""
        for p in self.programs:
            for at in ("file", 0), ("redis", self.redis):
                said = " ".join(p.ask("check", *at))
                if said != "ok":
                    sys.exit("%s: %s" % (at[0], said))

    def close(self):
        for p in self.programs:
            if p.p.poll() is None:
                p.close()
        for p in self.running:
            os.killpg(p.pid, signal.SIGTERM)
            p.wait()
        shutil.rmtree(self.dir)

    def served(self, ms):
        """Processor seconds of the redis server and of the wire before it."""
        used = 0
        for pid in [self.server] + ([self.proxy[ms][1]] if ms else []):
            with open("/proc/%d/schedstat" % pid) as f:
                used += int(f.read().split()[0]) / 1e9
        return used
