"""A role without any version: the branch that Galaxy names."""
from fixtures import role_tar

MARK = "="
FILE = "- me.one\n"
# kelpie fetches what is on GitHub as git.
LINES = "- downloading role from "


def fixtures(f):
    f.galaxy().role("me.one", github_user="me", github_repo="one",
                    github_branch="devel")
    f.role("me/one.git", "1.0.0", says="me.one", branches=["devel"])
    f.stand_in("github.com").routes["/me/one/archive/devel.tar.gz"] = \
        role_tar("me.one", "devel")


def both(s, r):
    r.exits(0)
    s.has("me.one").holds("me.one", "devel").info("me.one", "devel")
