"""Where Galaxy says that an archive is."""
from fixtures import role_tar

MARK = "="
FILE = "- me.download\n- me.github\n- me.source\n"
# kelpie fetches what is on GitHub as git.
LINES = "- downloading role from "


def fixtures(f):
    galaxy = f.galaxy()
    other = galaxy.url + "/archives/no-such.tar.gz"
    for name in "download", "source":
        f.file(name + ".tar.gz", role_tar("me." + name, "1.0.0"))
    galaxy.role("me.download", [{
        "name": "1.0.0", "source": other,
        "download_url": galaxy.url + "/archives/download.tar.gz"}],
        github_user="me", github_repo="download")
    galaxy.role("me.github", [{"name": "1.0.0", "source": other}],
                github_user="me", github_repo="github")
    galaxy.role("me.source", [{
        "name": "1.0.0", "source": galaxy.url + "/archives/source.tar.gz"}])
    f.role("me/github.git", "1.0.0", says="me.github")
    f.stand_in("github.com").routes["/me/github/archive/1.0.0.tar.gz"] = \
        role_tar("me.github", "1.0.0")


def both(s, r):
    r.exits(0)
    s.has("me.download", "me.github", "me.source")
    for name in s.roles():
        s.holds(name, "1.0.0").info(name, "1.0.0")
