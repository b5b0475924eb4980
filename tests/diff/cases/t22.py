"""Install info that an archive brings along."""
from fixtures import role_files, under

MARK = "="
FILE = "- {src: @files@/r.tar.gz, name: nm, version: v1}\n"


def fixtures(f):
    f.tar("r.tar.gz", under("p/", role_files("nm", "v1", files={
        "meta/.galaxy_install_info": "install_date: never\n"
                                     "version: v9\n"})))


def both(s, r):
    r.exits(0)
    s.has("nm").holds("nm", "v1").info("nm", "v1")
