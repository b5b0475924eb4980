"""The list of versions cannot be had."""
from fixtures import role_tar

MARK = "+"
WHY = "what is installed is a version that the server names, or nothing"
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0"],
                    lambda version: role_tar("me.one", version),
                    github_user="me", github_repo="one",
                    fail={"versions": "*:500"})
    f.role("me/one.git", "1.0.0", says="me.one")
    # What github.com is, behind a proxy.
    f.stand_in("github.com").routes["/me/one/archive/main.tar.gz"] = \
        role_tar("me.one", "main")


def galaxy(s, r):
    """The branch that the server names."""
    r.exits(0).says("this is not fatal so we continue")
    s.holds("me.one", "main").info("me.one", "main")


def kelpie(s, r):
    r.exits(1).says("me.one", "500|versions")
    s.has()
