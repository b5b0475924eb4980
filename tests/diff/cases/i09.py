"""Install info that says nothing."""
MARK = "+"
WHY = "a role of which nothing is known is installed as it is asked for"
FILE = "- git+file://@repos@/simple,v2\n"
VARIANTS = {"no YAML": "{[ ]\n", "no version": "install_date: never\n"}


def fixtures(f):
    f.role("simple", "v1", "v2")


def ask(s):
    s.tree_of("roles/simple", {
        "meta/main.yml": "galaxy_info: {}\n",
        "meta/.galaxy_install_info": VARIANTS[s.variant]})
    return s.install(FILE)


def galaxy(s, r):
    r.exits(250)


def kelpie(s, r):
    r.exits(0)
    s.holds("simple", "v2").info("simple", "v2")
