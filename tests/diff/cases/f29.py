"""Keys beside roles and collections are refused."""
MARK = "="
FILE = "roles: []\nfoo: 1\nbar: 2\n"


def both(s, r):
    r.exits(1).says("foo", "bar")
    s.has()
