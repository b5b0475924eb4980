"""A symbolic link that leads out of the role fails the role."""
from fixtures import link, role_files, under

MARK = "="
VARIANTS = {"absolute": "- {src: @files@/absolute.tar.gz, name: nm}\n",
            "up": "- {src: @files@/up.tar.gz, name: nm}\n"}
# A part of the role stays with the one, nothing with the other.
TREES = False


def fixtures(f):
    for name, target in ("absolute", "/etc/x"), ("up", "../../out"):
        f.tar(name + ".tar.gz", under("p/", role_files("nm", "v1")) +
              [("p/files/x", link(target))])


def both(s, r):
    r.exits(1).says("files/x|linkname")


def galaxy(s, r):
    s.has("nm")


def kelpie(s, r):
    s.has()
