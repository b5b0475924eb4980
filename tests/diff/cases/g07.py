"""-g keeps .git and what export-ignore leaves out."""
import subprocess

from fixtures import role_files
from sides import Differs

MARK = "="
FILE = "- {src: git+file://@repos@/simple, version: v1}\n"
ARGS = ["-g"]
# kelpie keeps no history; by the name ansible-galaxy it hands this on.
COMPARE = ["name"]
# Below .git.
TREES = False


def fixtures(f):
    f.repo("simple", {"tag": "v1", "files": role_files(
        "simple", "v1", files={".gitattributes": "tests export-ignore\n",
                               "tests/test.yml": "- hosts: all\n"})},
           {"files": role_files("simple", "main")})


def galaxy(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1").info("simple", "v1")
    s.there("roles/simple/tests/test.yml", "roles/simple/.git")
    status = subprocess.run(
        ["git", "-C", s.path("roles/simple"), "status", "--porcelain"],
        env=s.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if status.stdout.decode() != "?? meta/.galaxy_install_info\n":
        raise Differs("git status: %s" % status.stdout.decode())


def kelpie(s, r):
    r.exits(2).says("-g", "ansible-galaxy")
    s.has()


name = galaxy
