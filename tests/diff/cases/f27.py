"""A file without a document is refused."""
MARK = "="
VARIANTS = {"empty": "", "comment": "# nothing\n", "null": "null\n"}


def both(s, r):
    r.exits(1)
    s.has()


def galaxy(s, r):
    r.says("No requirements found in file")


def kelpie(s, r):
    r.says(r"r\.yml")
