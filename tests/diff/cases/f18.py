"""svn and hg are refused."""
MARK = "="
VARIANTS = {"svn": "- {src: 'https://svn.example.org/r', scm: svn}\n",
            "hg": "- {src: 'https://hg.example.org/r', scm: hg}\n"}


def fixtures(f):
    f.side_environment["https_proxy"] = "http://127.0.0.1:9"


def both(s, r):
    r.exits(1).says(s.variant)
    s.has()


# A fault of the file for the one, a failed role for the other.
LINES = False
