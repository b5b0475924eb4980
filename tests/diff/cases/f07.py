"""An empty string is refused."""
MARK = "+"
WHY = "the message says where the fault is"
FILE = "- git+file://@repos@/simple\n- ''\n"


def fixtures(f):
    f.role("simple", "v1.0.0")


def galaxy(s, r):
    r.exits(1).says("No valid role data found")


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:2", "empty")
    s.has()
