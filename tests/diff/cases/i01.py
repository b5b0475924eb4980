"""The same again."""
from fixtures import role_tar
from sides import Differs

MARK = "="
FILE = """\
- {src: git+file://@repos@/simple, version: v1}
- {src: git+file://@repos@/simple, name: head}
- {src: @url@/files/r.tar.gz}
"""


def fixtures(f):
    f.serve()
    f.role("simple", "v1", "v2")
    f.file("r.tar.gz", role_tar("r", "v1"))


def ask(s):
    s.install(FILE).exits(0)
    return s.install(FILE)


def both(s, r):
    r.exits(0)
    s.has("simple", "head", "r").info("simple", "v1").info("head", "''")
    if r.requests:
        raise Differs("asked %s" % r.requests)
