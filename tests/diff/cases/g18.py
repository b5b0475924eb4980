"""Filters such as LFS."""
from fixtures import role_files

MARK = "?"
WHY = "no program of a filter is run; -v names the files"
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files(
        "simple", "v1", files={".gitattributes": "*.bin filter=lfs\n",
                               "files/x.bin": "pointer\n"})})


def ask(s):
    s.write("../home/.gitconfig", '[filter "lfs"]\n\tsmudge = tr a-z A-Z\n')
    return s.install(FILE, "-v")


def galaxy(s, r):
    r.exits(0)
    s.contains("roles/simple/files/x.bin", "POINTER\n")


def kelpie(s, r):
    r.exits(0).says(r"x\.bin")
    s.contains("roles/simple/files/x.bin", "pointer\n")
