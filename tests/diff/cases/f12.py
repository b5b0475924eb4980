"""A repository of github.com without .git, as a map and as a string."""
MARK = "+"
WHY = "both forms are the same repository"
VARIANTS = {"map": "- src: https://github.com/u/r\n",
            "string": "- https://github.com/u/r\n"}


def fixtures(f):
    f.role("r", "v1")
    # Nothing leaves this machine.
    f.side_environment["https_proxy"] = "http://127.0.0.1:9"


def ask(s):
    s.write("../home/.gitconfig", '[url "file://@repos@/"]\n'
            "\tinsteadOf = https://github.com/u/\n")
    return s.install(VARIANTS[s.variant])


def galaxy(s, r):
    if s.variant == "map":
        r.exits(0)
        s.holds("r", "main")
    else:
        r.exits(1).says("downloading role from https://github.com/u/r")


def kelpie(s, r):
    r.exits(0)
    s.has("r").holds("r", "main")
