"""fixtures.py - what the cases install: repositories, archives, servers.

A case makes its fixtures once; both programs then read the same ones.
Every role says in tasks/main.yml which name and version it is.
"""
import io
import os
import subprocess
import tarfile
import zipfile

import servers

WHEN = 1700000000
META = """\
galaxy_info:
  author: A Tester
  description: a role for tests
  license: ISC
  min_ansible_version: "2.10"
dependencies: []
"""


def meta(*dependencies):
    """A meta/main.yml with these lines of YAML as dependencies."""
    return META.replace("dependencies: []\n", "dependencies:\n") + "".join(
        "  - %s\n" % line for line in dependencies)


def tasks(name, version):
    return "- name: Say it\n  debug: {msg: %s %s}\n" % (name, version)


def role_files(name, version, **more):
    """The files of a role; more is given as {path: text}."""
    files = {"meta/main.yml": META, "tasks/main.yml": tasks(name, version)}
    files.update(more.get("files", {}))
    return {path: text for path, text in files.items() if text is not None}


# ---- entries of repositories and archives ----

class Entry:
    """Something that is not a plain file with mode 0644."""

    def __init__(self, kind, text="", mode=0o644, **attributes):
        self.kind, self.text, self.mode = kind, text, mode
        self.attributes = attributes


def script(text, mode=0o755):
    return Entry("file", text, mode)


def plain(text, mode=0o644, **attributes):
    return Entry("file", text, mode, **attributes)


def link(target):
    return Entry("link", target, 0o777)


def hard(target):
    return Entry("hard", target)


def fifo():
    return Entry("fifo")


def directory(mode=0o755):
    return Entry("dir", "", mode)


def module(commit):
    """A submodule of a repository."""
    return Entry("module", commit)


def as_entry(value):
    return value if isinstance(value, Entry) else Entry("file", value)


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def under(prefix, files):
    """Members of an archive below a directory, in the given order."""
    return [(prefix + path, value) for path, value in files.items()]


TAR_TYPES = {"file": tarfile.REGTYPE, "link": tarfile.SYMTYPE,
             "hard": tarfile.LNKTYPE, "fifo": tarfile.FIFOTYPE,
             "dir": tarfile.DIRTYPE}


def tar_bytes(members, compression="gz"):
    """A tar archive of (name, text or Entry) pairs, in this order; names
    are written as they are."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:" + compression,
                      format=tarfile.PAX_FORMAT) as archive:
        for name, value in members:
            entry = as_entry(value)
            info = tarfile.TarInfo(name)
            info.type, info.mode = TAR_TYPES[entry.kind], entry.mode
            info.mtime = WHEN
            info.uid = entry.attributes.get("uid", os.getuid())
            info.gid = entry.attributes.get("gid", os.getgid())
            data = None
            if entry.kind in ("link", "hard"):
                info.linkname = entry.text
            elif entry.kind == "file":
                data = as_bytes(entry.text)
                info.size = len(data)
            archive.addfile(info, data and io.BytesIO(data))
    return out.getvalue()


def zip_bytes(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, value in members:
            archive.writestr(name, as_bytes(value))
    return out.getvalue()


def role_tar(name, version, prefix=None, **more):
    prefix = "%s-%s/" % (name, version) if prefix is None else prefix
    return tar_bytes(under(prefix, role_files(name, version, **more)))


GIT_MODES = {"link": "120000", "module": "160000"}


class Fixtures:
    def __init__(self, top, environment):
        self.top, self.environment = top, environment
        self.repos = os.path.join(top, "repos")
        self.files = os.path.join(top, "files")
        self.closers = []
        self.web = None
        self.bindings = {"repos": self.repos, "files": self.files}
        self.side_environment = {}
        os.makedirs(self.repos)
        os.makedirs(self.files)

    def close(self):
        for closer in reversed(self.closers):
            closer()

    # ---- repositories ----

    def git(self, name, *arguments, **options):
        return subprocess.run(
            ["git", "-C", os.path.join(self.repos, name), *arguments],
            env=self.environment, check=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **options).stdout.decode().strip()

    def repo(self, name, *steps):
        """A bare repository.  A step is a commit: a map with files, and
        tag, branch (main) and parent (the branch's tip) if wanted.  A
        commit holds the files of its step and no others."""
        path = os.path.join(self.repos, name)
        os.makedirs(path)
        self.git(name, "init", "-q", "--bare", "-b", "main")
        stream = []
        for number, step in enumerate(steps):
            stream += self.commit(number + 1, step)
        self.git(name, "fast-import", "--quiet", "--force",
                 input=b"".join(stream))
        return path

    @staticmethod
    def commit(number, step):
        branch = "refs/heads/" + step.get("branch", "main")
        lines = [b"commit %s\nmark :%d\n" % (branch.encode(), number),
                 b"committer A Tester <tester@example.org> %d +0000\n"
                 % (WHEN + number), b"data 2\nc\n"]
        if "parent" in step:
            lines.append(b"from %s\n" % step["parent"].encode())
        lines.append(b"deleteall\n")
        for path, value in step["files"].items():
            entry = as_entry(value)
            mode = GIT_MODES.get(entry.kind) or (
                "100755" if entry.mode & 0o100 else "100644")
            if entry.kind == "module":
                lines.append(b"M %s %s %s\n" % (
                    mode.encode(), entry.text.encode(), path.encode()))
                continue
            data = as_bytes(entry.text)
            lines.append(b'M %s inline %s\ndata %d\n%s\n' % (
                mode.encode(), path.encode(), len(data), data))
        lines.append(b"\n")
        if "tag" in step:
            lines.append(b"reset refs/tags/%s\nfrom :%d\n\n" % (
                step["tag"].encode(), number))
        return lines

    def role(self, name, *tags, **more):
        """A role with a commit a tag, and one further on main; branches
        are made of the first commit, and say their own name."""
        says = more.pop("says", name)
        steps = [{"files": role_files(says, tag, **more), "tag": tag}
                 for tag in tags]
        steps.append({"files": role_files(says, "main", **more)})
        steps += [{"files": role_files(says, branch, **more),
                   "branch": branch}
                  for branch in more.get("branches", ())]
        return self.repo(name, *steps)

    def commit_of(self, name, ref):
        return self.git(name, "rev-parse", ref + "^{commit}")

    # ---- archives ----

    def file(self, name, data):
        path = os.path.join(self.files, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(as_bytes(data))
        return path

    def tar(self, name, members, compression="gz"):
        return self.file(name, tar_bytes(members, compression))

    # ---- servers ----

    def serve(self, **options):
        """A web server of this case: .routes is {path: answer}; the files
        are there below /files/."""
        web = servers.Web(self.files, **options)
        self.closers.append(web.close)
        self.web = self.web or web
        self.bindings.setdefault("url", web.url)
        return web

    def galaxy(self):
        """A Galaxy server that both programs are told of."""
        self.web = servers.Galaxy(self.files, self.top, self.environment)
        self.closers.append(self.web.close)
        self.side_environment["ANSIBLE_GALAXY_SERVER"] = self.web.url
        self.bindings["url"] = self.web.url
        return self.web

    def git_serve(self, *options):
        """The repositories over http; binds @git@."""
        server = servers.Program("gitserve", self.top, self.environment,
                                 "--root", self.repos, *options).run()
        self.closers.append(server.close)
        self.bindings["git"] = server.url
        return server

    def stand_in(self, name):
        """A server that both programs take for this host: over https,
        behind a proxy; with the repositories as well."""
        web = self.serve(pem=self.authority(name))
        web.git = self.git_serve().port
        proxy = self.serve()
        proxy.behind = web.port
        self.trust()
        self.side_environment.update(https_proxy=proxy.url)
        return web

    def authority(self, *names):
        """A certificate for these host names and an authority that both
        programs can be told to trust; returns the file with key and
        certificate."""
        names = ",".join("DNS:" + name for name in names) + ",IP:127.0.0.1"
        run = lambda *words: subprocess.run(
            ("openssl",) + words, env=self.environment, check=True,
            cwd=self.top, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes")
        os.makedirs(os.path.join(self.top, "trust"))
        run("req", "-x509", *key, "-keyout", "ca.key", "-out",
            "trust/ca.pem", "-days", "2", "-subj", "/CN=a test authority")
        run("req", *key, "-keyout", "host.key", "-out", "host.csr",
            "-subj", "/CN=localhost")
        with open(os.path.join(self.top, "host.ext"), "w") as file:
            file.write("subjectAltName=%s\n" % names)
        run("x509", "-req", "-in", "host.csr", "-CA", "trust/ca.pem",
            "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "host.ext", "-out", "host.pem")
        both = os.path.join(self.top, "both.pem")
        with open(both, "w") as out:
            for name in ("host.key", "host.pem"):
                with open(os.path.join(self.top, name)) as file:
                    out.write(file.read())
        return both

    def trust(self):
        """Both programs trust the authority from now on."""
        self.side_environment.update(
            SSL_CERT_FILE=os.path.join(self.top, "trust", "ca.pem"),
            SSL_CERT_DIR=os.path.join(self.top, "trust"))
