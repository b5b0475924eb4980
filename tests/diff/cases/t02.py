"""How an archive is packed is seen from its content."""
from fixtures import role_files, under

MARK = "="
PACKED = {"gz.tar.gz": "gz", "tgz.tgz": "gz", "bz2.tar.bz2": "bz2",
          "xz.tar.xz": "xz", "plain.tar": "", "wrong.tar.bz2": "gz",
          "odd.dat": "xz"}
FILE = "".join("- {src: @files@/%s, name: %s}\n" % (
    file, file.split(".")[0]) for file in PACKED)


def fixtures(f):
    for file, compression in PACKED.items():
        f.tar(file, under("p/", role_files(file.split(".")[0], "v1")),
              compression)


def both(s, r):
    r.exits(0)
    for file in PACKED:
        s.holds(file.split(".")[0], "v1")
