"""Faults of YAML are told with line and column."""
MARK = "="
VARIANTS = {"two documents": "- src: a.b\n---\n- src: c.d\n",
            "tab": "- src: a.b\n\tversion: 1\n",
            "tag": "- src: a.b\n- src: !foo c.d\n",
            "open quote": "- src: 'a.b\n"}


def both(s, r):
    r.exits(1)
    s.has()


def galaxy(s, r):
    r.says("Failed to parse the requirements yml", r"line \d+, column \d+")


def kelpie(s, r):
    r.says(r"r\.yml:\d+:\d+|line \d+, column \d+")
