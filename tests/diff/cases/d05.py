"""Dependencies that are no list are refused."""
from fixtures import META

MARK = "+"
WHY = "a role whose metadata are not understood is not installed"
BAD = {"string": {"meta/main.yml": META.replace("[]", "nginx")},
       "map": {"meta/main.yml": META.replace("[]", "{a: b}")},
       "requirements": {"meta/requirements.yml": "roles: []\n"}}
VARIANTS = {name: "- {src: git+file://@repos@/%s, version: v1}\n" % name
            for name in BAD}


def fixtures(f):
    for name, files in BAD.items():
        f.role(name, "v1", files=files)


def galaxy(s, r):
    r.exits(4).says("to be a list")
    s.has(s.variant)


def kelpie(s, r):
    r.exits(1).says("dependencies|meta/requirements")
    s.has()
