"""What a submodule holds is not installed."""
from fixtures import module, role_files

MARK = "="
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"


def fixtures(f):
    f.role("other", "v1")
    f.repo("simple", {"tag": "v1", "files": role_files(
        "simple", "v1", files={
            ".gitmodules": '[submodule "files/other"]\n'
                           "\tpath = files/other\n\turl = ../other\n",
            "files/other": module(f.commit_of("other", "v1"))})})


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1").there("roles/simple/.gitmodules")
    s.absent("roles/simple/files/other/meta")
