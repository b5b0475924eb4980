"""Two roles, and the first one fails."""
MARK = "+"
WHY = "one role's failure is no other's"
FILE = "- git+file://@repos@/nosuch,v1\n- git+file://@repos@/simple,v1\n"


def fixtures(f):
    f.role("simple", "v1")


def galaxy(s, r):
    r.exits(1).says("nosuch was NOT installed successfully")
    s.has()


def kelpie(s, r):
    r.exits(1).says("nosuch")
    s.has("simple").holds("simple", "v1")


def name(s, r):
    kelpie(s, r)
    r.says(r"\[WARNING\]: - nosuch was NOT installed successfully",
           "- simple \\(v1\\) was installed successfully")
