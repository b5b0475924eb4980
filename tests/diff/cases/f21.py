"""A name or a source that is no text is refused."""
MARK = "+"
WHY = "it is a fault in the file, told with its line"
VARIANTS = {
    "name: null": "# first\n- {src: git+file://@repos@/simple, name: null}\n",
    "name: 5": "# first\n- {src: git+file://@repos@/simple, name: 5}\n",
    "src: null": "# first\n- {src: null, name: simple}\n"}


def fixtures(f):
    f.role("simple", "v1")


def galaxy(s, r):
    r.exits(250)


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:2")
    s.has()
