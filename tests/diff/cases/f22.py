"""A name that leads out of the roles directory is refused."""
MARK = "+"
WHY = "a role goes below the roles directory and nowhere else"
START = "- src: git+file://@repos@/simple\n  name: "
VARIANTS = {"up": START + "../evil\n", "absolute": START + "@home@/evil\n",
            "empty": START + "''\n", "dot": START + ".\n",
            "in the middle": START + "a/../../evil\n"}


def fixtures(f):
    f.role("simple", "v1")


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:2", "name")
    s.has().absent("evil", "../evil", "../home/evil")
