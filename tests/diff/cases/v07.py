"""Versions and roles that Galaxy does not know."""
from fixtures import role_tar

MARK = "="
VARIANTS = {"version": "- {src: me.one, version: '9.9'}\n",
            "role": "- me.nope\n",
            "no owner": "- nope\n"}
# A name without an owner is a fault of the file for the one, a failed role
# for the other.
LINES = "Starting galaxy|- downloading role 'nope'|.*NOT installed|ERROR!"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0"],
                    lambda version: role_tar("me.one", version))


def both(s, r):
    r.exits(1)
    r.says({"version": r"9\.9", "role": r"me\.nope", "no owner": "nope"}
           [s.variant])
    s.has()
