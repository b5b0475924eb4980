"""Archives with and without a directory in front."""
from fixtures import role_files, under

MARK = "="
FILE = """\
- {src: @files@/none.tar.gz, name: none}
- {src: @files@/dot.tar.gz, name: dot}
- {src: @files@/dir.tar.gz, name: dir}
"""


def fixtures(f):
    for name, prefix in (("none", ""), ("dot", "./"), ("dir", "p/")):
        f.tar(name + ".tar.gz", under(prefix, role_files(name, "v1")))


def both(s, r):
    r.exits(0)
    s.has("none", "dot", "dir")
    for name in "none", "dot", "dir":
        s.holds(name, "v1").info(name, "''")
