"""list, remove and info of a role that is not there."""
MARK = "+"
WHY = "the exit status says so too"
VARIANTS = {"list": ["list", "nosuch"], "remove": ["remove", "nosuch"],
            "info": ["info", "nosuch"]}
OFFLINE = {"info": ["--offline"]}


def fixtures(f):
    f.role("simple", "v1")


def ask(s):
    s.install("- git+file://@repos@/simple,v1\n").exits(0)
    words = VARIANTS[s.variant] + ["-p", "roles"]
    if s.who != "kelpie":
        words += OFFLINE.get(s.variant, [])
    return s.verb(*words)


def galaxy(s, r):
    r.exits(0).says("nosuch was not found|nosuch is not installed")
    s.has("simple")


def kelpie(s, r):
    r.exits(1).says("nosuch")
    s.has("simple")


name = galaxy
