"""-p before ANSIBLE_ROLES_PATH before ansible.cfg."""
MARK = "="
FILE = "- git+file://@repos@/simple,v1\n"
VARIANTS = {"cli": "", "env": "", "cfg": ""}


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.write("r.yml", FILE)
    s.write("etc/ansible.cfg", "[defaults]\nroles_path = cfg\n")
    words = ["-p", "cli"] if s.variant == "cli" else []
    env = None if s.variant == "cfg" else "env"
    return s.verb("install", "-r", "r.yml", *words, ANSIBLE_ROLES_PATH=env,
                  ANSIBLE_CONFIG="@work@/etc/ansible.cfg")


def both(s, r):
    r.exits(0)
    places = {"cli": "cli", "env": "env", "cfg": "etc/cfg"}
    s.holds("simple", "v1", top=places.pop(s.variant))
    s.absent(*places.values())
