"""-n and --force-with-deps exclude each other."""
MARK = "="
FILE = "- git+file://@repos@/simple,v1\n"
ARGS = ["-n", "--force-with-deps"]
# A usage that goes with each one's options.
LINES = False


def fixtures(f):
    f.role("simple", "v1")


def both(s, r):
    r.exits(2).says("--force-with-deps")
    s.has()
