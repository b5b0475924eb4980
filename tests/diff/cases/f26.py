"""A file that asks for nothing."""
MARK = "="
VARIANTS = {"empty list": "[]\n", "no roles": "roles:\n",
            "neither": "roles:\ncollections:\n"}


def both(s, r):
    r.exits(0)
    s.has()
