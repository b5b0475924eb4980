"""The newest of 120 versions, which come in three pages."""
from fixtures import role_tar
from sides import Differs

MARK = "="
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.%d.0" % n for n in range(120)],
                    lambda version: role_tar("me.one", version))


def both(s, r):
    r.exits(0)
    s.has("me.one").holds("me.one", "1.119.0").info("me.one", "1.119.0")
    if r.asked("/versions/") != 3:
        raise Differs("asked for %d pages" % r.asked("/versions/"))
