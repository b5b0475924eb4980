"""A document that is one word is refused."""
MARK = "+"
WHY = "the message says what is expected, as newer releases have it"
FILE = "nginx\n"
CORE = "2.14"


def galaxy(s, r):
    r.exits(250)


def kelpie(s, r):
    r.exits(1).says(r"r\.yml", "list")
    s.has()
