"""An entry that is neither a string nor a map is refused."""
MARK = "+"
WHY = "it is a fault in the file, told with its line"
VARIANTS = {"nothing": "# first\n- \n", "number": "# first\n- 5\n",
            "list": "# first\n- [a]\n"}


def galaxy(s, r):
    r.exits(250)


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:2")
    s.has()
