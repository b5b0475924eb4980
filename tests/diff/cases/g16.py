"""A source or a version that begins with a - is refused."""
MARK = "+"
WHY = "what stands in a file never is an option"
VARIANTS = {
    "src": "- {src: '--upload-pack=touch @work@/seen', scm: git, name: r}\n",
    "version": "- {src: git+file://@repos@/simple,"
               " version: '--output=@work@/seen'}\n",
    "string": "- git+--upload-pack=touch @work@/seen,v1,r\n",
    "host": "- git+ssh://-oProxyCommand=touch%20@work@%2fseen/r.git\n"}


def fixtures(f):
    f.role("simple", "v1")


def kelpie(s, r):
    r.exits(1).says(r"r\.yml:1")
    s.has().absent("seen")
