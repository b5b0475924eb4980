"""A dependency whose name leads out of the roles directory is refused."""
from fixtures import meta

MARK = "+"
WHY = "a role goes below the roles directory and nowhere else"
FILE = "- {src: git+file://@repos@/@variant@, version: v1}\n"
VARIANTS = {"up": FILE, "absolute": FILE, "dash": FILE}


def fixtures(f):
    f.role("simple", "v1")
    for variant, name in (("up", "../../evil"), ("dash", "--evil"),
                          ("absolute", f.files + "/evil")):
        f.role(variant, "v1", files={"meta/main.yml": meta(
            "{name: %s, src: 'git+file://%s/simple'}" % (name, f.repos))})


def ask(s):
    s.fixtures.bindings["variant"] = s.variant
    return s.install(FILE)


def kelpie(s, r):
    r.exits(1).says("evil")
    s.absent("evil", "../evil", "../../evil", s.fixtures.files + "/evil",
             "roles/--evil")
