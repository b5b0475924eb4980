"""A symbolic link, and a file below it."""
from fixtures import META, link, tasks

MARK = "+"
WHY = "no file is written through a link"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", [("p/tasks/main.yml", tasks("nm", "v1")),
                       ("p/meta", link("tasks")),
                       ("p/meta/main.yml", META)])


def kelpie(s, r):
    r.exits(1).says("meta")
    s.has()
