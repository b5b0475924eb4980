"""Empty directories, pipes and hard links in an archive."""
from fixtures import directory, fifo, hard, role_files, under

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"
# kelpie keeps the hard link, as a file.
TREES = False


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) + [
        ("p/templates", directory()), ("p/files/pipe", fifo()),
        ("p/tasks/again.yml", hard("p/tasks/main.yml"))])


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").absent("roles/nm/files/pipe")


def galaxy(s, r):
    s.absent("roles/nm/tasks/again.yml")


def kelpie(s, r):
    s.contains("roles/nm/tasks/again.yml",
               s.read("roles/nm/tasks/main.yml").decode())
