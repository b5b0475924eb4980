"""A role with meta/main.yaml."""
from fixtures import META, tasks

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", [("p/meta/main.yaml", META),
                       ("p/tasks/main.yml", tasks("nm", "v1"))])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").there("roles/nm/meta/main.yaml")
