"""The name of a role from the URL of its archive."""
from fixtures import role_tar

MARK = "="
FILE = "- @url@/files/foo-1.0.tar.gz\n"


def fixtures(f):
    f.serve()
    f.file("foo-1.0.tar.gz", role_tar("foo", "1.0"))
    f.file("bar-1.0.tgz", role_tar("bar", "1.0"))
    f.file("baz.tar.gz", role_tar("baz", "1.0"))


def both(s, r):
    r.exits(0)
    s.has("foo-1.0").holds("foo-1.0", "1.0", "foo").info("foo-1.0", "null")


def ask(s):
    r = s.install(FILE)
    more = "- @url@/files/bar-1.0.tgz\n- @url@/files/baz.tar.gz?x=1\n"
    if s.who == "galaxy":
        # The ending and the query belong to the name.
        s.install(more, "-p", "more").exits(0)
        s.has("bar-1.0.tgz", "baz.tar.gz?x=1", top="more")
    elif s.who == "kelpie":
        s.install(more, "-p", "more").exits(0)
        s.has("bar-1.0", "baz", top="more")
    else:
        s.install(more, "-p", "more").exits(0)
    return r


# Of the first run; the others are each one's own.
LINES = False
