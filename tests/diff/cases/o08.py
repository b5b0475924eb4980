"""Of several servers the first one is not there."""
from fixtures import role_tar

MARK = "="
FILE = "- me.one\n"


def fixtures(f):
    f.galaxy().role("me.one", ["1.0.0"],
                    lambda version: role_tar("me.one", version))


def ask(s):
    s.write("servers.cfg", "[galaxy]\nserver_list = dead, live\n"
            "[galaxy_server.dead]\nurl = http://127.0.0.1:9/\n"
            "[galaxy_server.live]\nurl = @url@\n")
    return s.install(FILE, ANSIBLE_CONFIG="@work@/servers.cfg",
                     ANSIBLE_GALAXY_SERVER=None)


def both(s, r):
    r.exits(0).says_not("WARNING", "dead", ":9/")
    s.has("me.one").holds("me.one", "1.0.0").info("me.one", "1.0.0")
