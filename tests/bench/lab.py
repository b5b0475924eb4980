"""lab.py - what the benchmarks share: roles, servers, wires, and a clock.

A Lab has N role repositories (mkroles.py), served by nginx and git
http-backend over https, with TLS 1.3 and HTTP/2 as from the hosts that people
use, or http; once as they are and once from memory; and the same roles as one
tar stream.  Lab.wire() puts a wire in front (delay.c).  All of it lies in one
directory and goes with close().
"""
import atexit
import ctypes
import os
import resource
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
STORE = "/etc/ssl/certs"
TICK = os.sysconf("SC_CLK_TCK")

CONFIG = """
%(user)s
worker_processes 1;
daemon off;
pid %(dir)s/nginx.pid;
error_log %(dir)s/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nodelay on; keepalive_timeout 65; keepalive_requests 100000;
  client_body_temp_path %(dir)s/b; fastcgi_temp_path %(dir)s/f; proxy_temp_path %(dir)s/p;
  uwsgi_temp_path %(dir)s/u; scgi_temp_path %(dir)s/s;
  fastcgi_cache_path %(dir)s/cache keys_zone=git:16m max_size=2g inactive=1d;
  %(certificate)s
  server { listen 127.0.0.1:%(real)d %(tls)s backlog=1024; %(location)s fastcgi_buffering off; } }
  server { listen 127.0.0.1:%(cache)d %(tls)s backlog=1024; %(location)s %(memory)s } }
}
"""
LOCATION = """
    location /bundle/ { root %(dir)s; }
    location ~ ^/moved/(\d+)/(.*)$ { return 302 $scheme://127.0.0.1:$1/$2; }
    location / {
      fastcgi_pass unix:%(dir)s/fcgi.sock;
      fastcgi_param SCRIPT_FILENAME %(dir)s/cgi;
      fastcgi_param BENCH_CGI %(exec)s/git-http-backend;
      fastcgi_param BENCH_CPU %(dir)s/cpu;
      fastcgi_param GIT_PROJECT_ROOT %(repos)s;
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param GIT_PROTOCOL $http_git_protocol;
      fastcgi_param REMOTE_ADDR $remote_addr;
"""
# The key holds the whole request, which is why no body may go to a file.
MEMORY = """
      fastcgi_cache git; fastcgi_cache_methods GET POST; fastcgi_cache_valid 200 1d;
      fastcgi_cache_key "$request_method$uri$query_string$http_git_protocol$http_content_encoding$request_body";
      fastcgi_ignore_headers Cache-Control Expires; client_body_buffer_size 1m; client_max_body_size 1m;
      fastcgi_buffers 64 64k; fastcgi_buffer_size 64k;"""


def need(*packages):
    subprocess.run(["sh", "-euc", '. %s/tests/packages.sh; packages_need "$@"' % TOP, "sh",
                    "nginx-light", "fcgiwrap", "git", "gcc", "libc6-dev", "openssl", "ca-certificates", *packages],
                   check=True)


def adopt():
    """Make what our children forget ours, so that it can be waited for; and
    end as for Ctrl-C when we are told to, so that nothing is left running."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def make_trust(directory):
    """A certificate for 127.0.0.1, and stores that know who signed it."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=directory, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=bench CA")
    openssl("req", *key, "-keyout", "key.pem", "-out", "req.pem", "-subj", "/CN=127.0.0.1")
    with open(directory + "/ext", "w") as f:
        f.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "req.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", "cert.pem", "-days", "2", "-extfile", "ext")
    store = directory + "/store"
    shutil.copytree(STORE, store, symlinks=False, ignore=shutil.ignore_patterns("java"))
    shutil.copy(directory + "/ca.pem", store + "/bench-ca.pem")
    with open(directory + "/bundle.pem", "wb") as f:
        for path in store + "/ca-certificates.crt", directory + "/ca.pem":
            with open(path, "rb") as part:
                f.write(part.read())
    openssl("rehash", store)
    return {"GIT_SSL_CAINFO": directory + "/bundle.pem", "SSL_CERT_DIR": store}


def trusting(env, tool):
    """The environment in which a tool trusts what it trusts by itself:
    kelpie reads the variable that is git's as well, and would then read the
    one file, where on a Debian system it looks into the directory."""
    return {k: v for k, v in env.items() if k != "GIT_SSL_CAINFO" or not tool.startswith("kelpie")}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree_cpu(pid):
    """Seconds of CPU of a process, all below it, and what they waited for."""
    total = 0
    try:
        with open("/proc/%d/stat" % pid) as f:
            total = sum(map(int, f.read().rpartition(")")[2].split()[11:15])) / TICK
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            total += sum(tree_cpu(int(child)) for child in f.read().split())
    except FileNotFoundError:
        pass  # it has ended meanwhile, and its parent has its time
    return total


def busy():
    """Seconds that the processors of this machine have worked."""
    with open("/proc/stat") as f:
        user, nice, system, _, _, irq, soft, stolen = map(int, f.readline().split()[1:9])
    return (user + nice + system + irq + soft + stolen) / TICK


class Wire:
    """A proxy to one of the servers; counts what goes over it."""

    def __init__(self, lab, port, rtt, mbit=0):
        self.port, self.rtt, self.mbit = free_port(), rtt, mbit
        self.file = "%s/wire%d" % (lab.dir, self.port)
        line = ["-s", "-m", str(mbit)] if mbit else []
        lab.start(lab.dir + "/delay", *line, "-c", self.file, str(self.port), str(port), str(rtt))
        lab.wait(self.port)

    def received(self):
        """Bytes that the clients were sent until now."""
        with open(self.file, "rb") as f:
            return struct.unpack("=QQQ", f.read(24))[1]


class Lab:
    def __init__(self, directory, n, tls=True):
        self.tls, self.running, self.servers = tls, [], []
        self.dir = tempfile.mkdtemp(prefix="kelpie-bench.", dir=directory)
        atexit.register(self.stop)
        self.repos = self.dir + "/repos"
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith(("GIT_", "ANSIBLE_", "SSL_CERT_", "CURL_", "XDG_", "KELPIE_"))}
        self.env.update(HOME=self.dir, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null")
        made = subprocess.run([sys.executable, HERE + "/mkroles.py", "-n", str(n), self.repos],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
        self.roles = [line.split() for line in made.splitlines()]
        for program in "delay", "cgi":
            subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", "%s/%s" % (self.dir, program),
                            "%s/%s.c" % (HERE, program)], check=True)
        if tls:
            self.env.update(make_trust(self.dir))
        self.serve()

    def serve(self):
        self.port = {"real": free_port(), "cache": free_port()}
        with open(self.dir + "/cpu", "wb") as f:
            f.write(bytes(8))
        fill = {"dir": self.dir, "repos": self.repos,
                "exec": subprocess.check_output(["git", "--exec-path"], text=True).strip()}
        with open(self.dir + "/nginx.conf", "w") as f:
            f.write(CONFIG % {
                "tls": "ssl http2" if self.tls else "", "user": "user root;" if os.getuid() == 0 else "",
                "certificate": "ssl_certificate %(dir)s/cert.pem; ssl_certificate_key %(dir)s/key.pem; ssl_protocols TLSv1.2 TLSv1.3;" % fill
                if self.tls else "", "location": LOCATION % fill, "memory": MEMORY, **self.port, **fill})
        self.server("fcgiwrap", "-c", "48", "-s", "unix:%s/fcgi.sock" % self.dir)
        self.server("nginx", "-c", self.dir + "/nginx.conf")
        for port in self.port.values():
            self.wait(port)

    def wire(self, rtt, mbit=0, server="real"):
        return Wire(self, self.port[server], rtt, mbit)

    def url(self, wire):
        return "%s://127.0.0.1:%d" % ("https" if self.tls else "http", wire.port)

    def bundle(self, n):
        """The first n roles as one tar stream, at /bundle/N.tar.gz."""
        os.makedirs(self.dir + "/bundle", exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.dir) as tree:
            for name, tag in self.roles[:n]:
                os.mkdir("%s/%s" % (tree, name))
                subprocess.run("git -C %s/%s.git archive %s | tar x -C %s/%s" % (self.repos, name, tag, tree, name),
                               shell=True, check=True)
            subprocess.run("tar -C %s -czf %s/bundle/%d.tar.gz ." % (tree, self.dir, n), shell=True, check=True)

    def start(self, *command):
        with open("%s/%s.out" % (self.dir, os.path.basename(command[0])), "a") as log:
            p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env,
                                 start_new_session=True)
        self.running.append(p)
        return p

    def server(self, *command):
        self.servers.append(self.start(*command).pid)

    def server_cpu(self):
        with open(self.dir + "/cpu", "rb") as f:
            counted = struct.unpack("=q", f.read(8))[0] / 1e6
        return counted + sum(map(tree_cpu, self.servers))

    def spent(self):
        """Seconds of CPU that all this has taken until now."""
        own = os.times()
        counted = self.server_cpu() - sum(map(tree_cpu, self.servers))
        return sum(own[:4]) + counted + sum(tree_cpu(p.pid) for p in self.running)

    def wait(self, port):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("nothing listens on %d; see %s" % (port, self.dir))

    def close(self):
        self.stop()
        shutil.rmtree(self.dir)

    def stop(self):
        while self.running:
            p = self.running.pop()
            os.killpg(p.pid, signal.SIGTERM)
            p.wait()
        # The servers' own children have come to us.
        try:
            while os.waitpid(-1, 0):
                pass
        except ChildProcessError:
            pass


def clock(command, meanwhile=None, timeout=600, **options):
    """Run command: its status, wall time, and CPU with all its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    p = subprocess.Popen(command, start_new_session=True, **options)
    if meanwhile:
        meanwhile(p.pid)
    # wait() with a timeout would look every 50 ms only.
    late = threading.Timer(timeout, os.killpg, (p.pid, signal.SIGKILL))
    late.start()
    try:
        status = p.wait()
    except KeyboardInterrupt:
        os.killpg(p.pid, signal.SIGKILL)
        p.wait()
        raise
    finally:
        late.cancel()
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return status, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def machine():
    """What a table is worth: the day, the machine, the versions."""
    def first(*command):
        p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        return p.stdout.strip().split("\n")[0]
    with open("/proc/cpuinfo") as f:
        cpu = next((line.partition(":")[2].strip() for line in f if line.startswith("model name")), os.uname().machine)
    with open("/etc/os-release") as f:
        system = next((line.partition("=")[2].strip().strip('"') for line in f if line.startswith("PRETTY_NAME")), "")
    versions = first("dpkg-query", "-W", "-f", "${Package} ${Version}, ", "git", "nginx-light", "libcurl4",
                                 "libgit2-1.5", "ansible-core", "g10k", "vcstool", "openssh-server").rstrip(", ")
    return "%s, %s, Linux %s, %d cores (%s), %s" % (
        time.strftime("%Y-%m-%d"), system, os.uname().release, os.cpu_count(), cpu, versions)


def low_mid(values, form="%.3f"):
    return (form + " / " + form) % (min(values), statistics.median(values))
