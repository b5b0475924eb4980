"""A source that names a program to run is refused."""
MARK = "="
FILE = "- {src: 'ext::touch @work@/seen', scm: git, name: r}\n"
# A fault of the file for the one, a failed role for the other.
LINES = False


def both(s, r):
    r.exits(1)
    s.has().absent("seen")
