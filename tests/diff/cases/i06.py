"""A directory that nobody installed is where the role should go."""
from fixtures import role_tar
from sides import Differs

MARK = "+"
WHY = "that is seen before anything is fetched"
FILE = "- {src: @url@/files/r.tar.gz}\n"


def fixtures(f):
    f.serve()
    f.file("r.tar.gz", role_tar("r", "v1"))


def ask(s):
    s.write("roles/r/mine.txt", "mine\n")
    return s.install(FILE)


def both(s, r):
    r.exits(1).says("(^|[ /])r\\b")
    s.has("r").contains("roles/r/mine.txt", "mine\n")
    s.absent("roles/r/tasks")


def galaxy(s, r):
    r.says("appears to already exist")
    if len(r.requests) != 1:
        raise Differs("asked %s" % r.requests)


def kelpie(s, r):
    if r.requests:
        raise Differs("asked %s" % r.requests)
