"""Twenty roles of one source."""
from fixtures import role_tar
from sides import Differs

MARK = "+"
WHY = "what is the same is asked for once"
FILE = "".join("- {src: me.one, name: role%02d}\n" % n for n in range(20))


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0", "1.1.0"],
                    lambda version: role_tar("me.one", version))


def counts(r):
    return [r.asked("GET " + path) for path in
            ("/api/v1/roles/[?]", "/api/v1/roles/1/versions",
             "/archives/")]


def both(s, r):
    r.exits(0)
    s.has(*("role%02d" % n for n in range(20)))
    for name in s.roles():
        s.holds(name, "1.1.0", "me.one")


def galaxy(s, r):
    if counts(r) != [20, 20, 20]:
        raise Differs("asked %s times" % counts(r))


def kelpie(s, r):
    if counts(r) != [1, 1, 1]:
        raise Differs("asked %s times" % counts(r))
