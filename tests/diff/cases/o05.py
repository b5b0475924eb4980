"""A file with roles and collections, given to install without role."""
MARK = "="
FILE = """\
roles:
  - {src: git+file://@repos@/simple, version: v1}
collections:
  - {name: @files@/coll, type: dir}
"""
VARIANTS = {"both": ["-r", "r.yml"], "-p": ["-r", "r.yml", "-p", "roles"],
            "-pX": ["-r", "r.yml", "-proles"]}
GALAXY = """\
namespace: ns
name: coll
version: 1.0.0
readme: README.md
authors: [a tester]
"""
# What the collection phase prints.
LINES = False


def fixtures(f):
    f.role("simple", "v1")
    f.file("coll/galaxy.yml", GALAXY)
    f.file("coll/README.md", "a collection\n")


def ask(s):
    s.write("r.yml", FILE)
    return s.run("install", *VARIANTS[s.variant],
                 ANSIBLE_ROLES_PATH="@work@/roles",
                 ANSIBLE_COLLECTIONS_PATHS="@work@/collections")


def both(s, r):
    r.exits(0)
    s.has("simple").holds("simple", "v1")


def collection(s, there):
    name = "collections/ansible_collections/ns/coll/README.md"
    (s.there if there else s.absent)(name)


def galaxy(s, r):
    collection(s, s.variant != "-p")


def kelpie(s, r):
    """-pX is -p X."""
    collection(s, s.variant == "both")
    if s.variant != "both":
        r.says("contains collections which will be ignored"
               if s.who == "name" else "collections")
