"""Both meta/main.yaml and meta/main.yml."""
from fixtures import meta, tasks

MARK = "?"
WHY = "main.yml counts, as in ansible-playbook"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.role("first", "v1")
    f.role("second", "v1")
    source = "{src: git+file://%s/%s, version: v1}"
    f.tar("r.tar.gz", [
        ("p/meta/main.yaml", meta(source % (f.repos, "first"))),
        ("p/meta/main.yml", meta(source % (f.repos, "second"))),
        ("p/tasks/main.yml", tasks("nm", "v1"))])


def both(s, r):
    r.exits(0)
    s.holds("nm", "v1")


def galaxy(s, r):
    """The first one in the archive counts."""
    s.has("nm", "first")


def kelpie(s, r):
    s.has("nm", "second")
