"""An archive without metadata fails."""
from fixtures import tasks

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", [("p/tasks/main.yml", tasks("nm", "v1"))])


def both(s, r):
    r.exits(1).says(r"meta/main\.yml")
    s.has()
