"""ansible.cfg in a directory that everybody may write to."""
import os

MARK = "="
FILE = "- git+file://@repos@/simple,v1\n"
# Each says it in its own words.
LINES = False


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.write("ansible.cfg", "[defaults]\nroles_path = elsewhere\n")
    s.write("r.yml", FILE)
    os.chmod(s.work, 0o777)
    return s.verb("install", "-r", "r.yml", ANSIBLE_CONFIG=None)


def both(s, r):
    r.exits(0).says("world writable directory|everybody may write")
    s.absent("elsewhere")
    s.holds("simple", "v1", top="../home/.ansible/roles")
