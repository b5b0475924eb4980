"""An URL that ends in .git, without git+ and scm."""
MARK = "+"
WHY = "nothing but a repository is called so"
FILE = "- src: @url@/u/r.git\n"


def fixtures(f):
    f.role("r.git", "v1", says="r")
    f.serve().routes["/u/r.git"] = b"<html>a page for people</html>"


def ask(s):
    s.write("../home/.gitconfig", '[url "file://@repos@/"]\n'
            "\tinsteadOf = @url@/u/\n")
    return s.install(FILE)


def galaxy(s, r):
    r.exits(1).says("does not appear to be a valid tar archive")


def kelpie(s, r):
    r.exits(0)
    s.has("r").holds("r", "main")
