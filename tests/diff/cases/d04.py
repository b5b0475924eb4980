"""A dependency with role and src."""
from fixtures import meta

MARK = "+"
WHY = "what has a source can be installed"
FILE = "- {src: git+file://@repos@/a, version: v1}\n"


def fixtures(f):
    f.role("other", "v1")
    # Without a dot in src; with one it is looked for.
    f.role("a", "v1", files={"meta/main.yml": meta(
        "{role: other, src: 'git+ssh://forge/other', x: 1}")})


def ask(s):
    s.write("../home/.gitconfig", '[url "file://@repos@/"]\n'
            "\tinsteadOf = ssh://forge/\n")
    return s.install(FILE)


def galaxy(s, r):
    """It is taken for a role of one's own."""
    r.exits(0)
    s.has("a")


def kelpie(s, r):
    r.exits(0)
    s.has("a", "other").holds("other", "main")
