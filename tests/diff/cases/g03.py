"""Of a tag and a branch with the same name it is the tag."""
from fixtures import role_files

MARK = "="
FILE = """\
- {src: git+file://@repos@/simple, name: a, version: same}
- {src: git+file://@repos@/simple, name: b, version: main}
"""
# kelpie may warn.
LINES = False


def fixtures(f):
    say = lambda text: role_files("simple", text)
    f.repo("simple",
           {"files": say("tag-same"), "tag": "same"},
           {"files": say("tag-main"), "tag": "main"},
           {"files": say("branch-main")},
           {"files": say("branch-same"), "branch": "same"})


def both(s, r):
    r.exits(0)
    s.has("a", "b")
    s.holds("a", "tag-same", "simple").holds("b", "tag-main", "simple")
