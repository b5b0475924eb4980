"""An archive that is not there, a busy server, and one that cuts off."""
import os

from fixtures import role_tar
from servers import Answer
from sides import Differs

MARK = "+"
WHY = "what may pass is tried again, and nothing is left in TMPDIR"
VARIANTS = {"missing": "- @url@/files/nothing.tar.gz\n",
            "busy": "- @url@/busy/r.tar.gz\n",
            "cut": "- @url@/cut/r.tar.gz\n"}


def fixtures(f):
    web = f.serve()
    archive = role_tar("r", "v1")

    def first(answer):
        """This answer to the first request, then the archive."""
        return lambda *_: (answer if len(web.requests) < 2
                           else Answer(200, archive))

    cut = Answer(200, archive)
    cut.cut = len(archive) // 2
    web.routes["/busy/r.tar.gz"] = first(Answer(503, b"later"))
    web.routes["/cut/r.tar.gz"] = first(cut)


def ask(s):
    return s.install(VARIANTS[s.variant], KELPIE_RETRIES="2")


def galaxy(s, r):
    r.exits(1)
    s.has()
    if len(r.requests) != 1:
        raise Differs("asked %d times" % len(r.requests))


def kelpie(s, r):
    if s.variant == "missing":
        r.exits(1).says("404|not found|not there")
        s.has()
        if len(r.requests) != 1:
            raise Differs("asked %d times" % len(r.requests))
    else:
        r.exits(0)
        s.has("r").holds("r", "v1")
    if os.listdir(s.tmp):
        raise Differs("left %s" % os.listdir(s.tmp))
