"""A member whose name leads out of the archive fails the role."""
from fixtures import role_files, under

MARK = "="
VARIANTS = {"up": "- {src: @files@/up.tar.gz, name: nm}\n",
            "below": "- {src: @files@/below.tar.gz, name: nm}\n"}
# A part of the role stays with the one, nothing with the other.
TREES = False


def fixtures(f):
    for name, member in ("up", "../evil"), ("below", "p/../../evil"):
        f.tar(name + ".tar.gz", under("p/", role_files("nm", "v1")) +
              [(member, "out\n")])


def both(s, r):
    r.exits(1).says("evil")
    s.absent("evil", "roles/evil", "../evil")


def kelpie(s, r):
    s.has()
