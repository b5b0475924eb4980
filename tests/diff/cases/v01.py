"""The newest of some versions of Galaxy."""
from fixtures import role_tar
from sides import Differs

MARK = "="
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0", "1.2.0", "1.10.0", "1.9.0"],
                    lambda version: role_tar("me.one", version))


def both(s, r):
    r.exits(0)
    s.has("me.one").holds("me.one", "1.10.0").info("me.one", "1.10.0")
    if not r.asked("owner__username=me&name=one"):
        raise Differs("asked %s" % r.requests)


def kelpie(s, r):
    if len(r.requests) > 5:
        raise Differs("asked %s" % r.requests)
