"""Of a member that stands twice in an archive the last one counts."""
from fixtures import role_files, tasks, under

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) +
          [("p/tasks/main.yml", tasks("nm", "v2"))])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v2")
