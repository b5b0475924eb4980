"""$X in a source is these two characters; ~ is the home directory."""
MARK = "?"
WHY = "a file means the same in every environment; a home is a place"
VARIANTS = {"variable": "- {src: 'git+file://$REPOS/simple'}\n",
            "home": "- {src: ~/simple, scm: git, name: simple}\n"}


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.fixtures.git("simple", "clone", "-q", "--bare", ".",
                   s.home + "/simple")
    return s.install(VARIANTS[s.variant],
                     REPOS=s.fixtures.repos)


def galaxy(s, r):
    r.exits(1)
    s.has()


def kelpie(s, r):
    if s.variant == "variable":
        r.exits(1)
        s.has()
    else:
        r.exits(0)
        s.has("simple").holds("simple", "main")
