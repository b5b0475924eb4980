"""Links over links that lead out of the role fail the role."""
from fixtures import link, role_files, under

MARK = "+"
WHY = "a role is written below its own directory and nowhere else"
FILE = "- {src: @files@/r.tar.gz, name: nm}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1")) + [
        ("p/x", link(".")), ("p/up", link("x/..")),
        ("p/up/f", "out\n")])


def kelpie(s, r):
    r.exits(1).says(r"\bup\b|\blink\b")
    s.has().absent("f", "roles/f", "roles/nm")
