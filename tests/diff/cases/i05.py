"""-f, while the source is not there."""
import os

MARK = "+"
WHY = "the old role stays until the new one is complete"



def ask(s):
    s.fixtures.bindings["role"] = "simple-" + s.who
    s.fixtures.role("simple-" + s.who, "v1", says="simple")
    line = "- git+file://@repos@/@role@,v1,simple\n"
    s.install(line).exits(0)
    repos = s.fixtures.repos
    os.rename(repos + "/simple-" + s.who, repos + "/gone-" + s.who)
    return s.install(line, "-f")


def galaxy(s, r):
    """The old role is removed first."""
    r.exits(1)
    s.has()


def kelpie(s, r):
    r.exits(1).says("simple")
    s.has("simple").holds("simple", "v1").info("simple", "v1")
