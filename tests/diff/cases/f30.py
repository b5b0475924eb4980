"""roles that is no list is refused."""
MARK = "+"
WHY = "it is a fault in the file, told as such"
VARIANTS = {"string": "roles: some\n", "map": "roles: {a: b}\n"}


def galaxy(s, r):
    """Each letter or key is the name of a role."""
    r.exits(1).says("s was NOT|a was NOT")


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:1", "list")
    s.has()
