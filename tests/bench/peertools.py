"""peertools.py - the tools that `peers` runs, and the lists that they read."""
import shlex

DEFAULT = "kelpie"


class Tool:
    """A command for each mode; {work} {lists} {url} {n} {bumped} {dir} are
    filled in.  The roles come to lie in {work}/roles."""

    def __init__(self, name, cold, warm=None, bump=None, shell=True):
        self.name, self.shell = name, shell
        self.commands = {"cold": cold, "warm": warm, "bump": bump}

    def command(self, mode, **fill):
        line = self.commands[mode].format(**fill)
        return ["sh", "-c", line] if self.shell else shlex.split(line)


def write_lists(where, url, roles):
    """The same roles in every tool's own format."""
    def write(name, line, head=""):
        with open("%s/%s" % (where, name), "w") as f:
            f.write(head + "".join(line.format(name=n, tag=t, src="%s/%s.git" % (url, n)) for n, t in roles))
    write("requirements.yml", "- {{src: 'git+{src}', name: {name}, version: {tag}}}\n")
    write("Puppetfile", "mod '{name}',\n  :git => '{src}',\n  :tag => '{tag}'\n\n", "moduledir 'roles'\n\n")
    write("repos", "  {name}: {{type: git, url: '{src}', version: {tag}}}\n", "repositories:\n")
    write("clones", "{name} {src} {tag}\n")


def clones(width, again=False):
    """What one would do by hand; and, again, with a fetch in each clone."""
    each = "xargs -P%d -L1 sh -c '%s' <{lists}/clones"
    fetch = ("git -C {work}/roles/$0 fetch -q --depth 1 origin tag $2 && "
             "exec git -C {work}/roles/$0 -c advice.detachedHead=false checkout -q $2")
    return Tool("git clone -P%d" % width, each % (
        width, "exec git -c advice.detachedHead=false clone -q --depth 1 -b $2 $1 {work}/roles/$0"),
                *[each % (width, fetch)] * (2 if again else 0))


def kelpie(program, options, again=False):
    command = ("%s install -r {lists}/requirements.yml -p {work}/roles %s" % (program, options)).strip()
    return Tool(("%s %s" % (DEFAULT, options)).strip(), command, *[command if again else None] * 2, shell=False)


def all_tools(program, more, tls):
    galaxy = "ansible-galaxy role install -r {lists}/requirements.yml -p {work}/roles"
    g10k = "cp {lists}/Puppetfile {work}; exec g10k -puppetfile -cachedir {work}/cache"
    vcs = "exec vcs import --shallow --workers 16 --input {lists}/repos {work}/roles"
    # One certificate, where all others look into a store.
    trust = "--cacert {dir}/ca.pem " if tls else ""
    tools = [Tool("bound", "curl -sSf " + trust + "{url}/bundle/{n}.tar.gz | tar xz -C {work}/roles"),
             Tool("ansible-galaxy", galaxy, galaxy, "rm -r {work}/roles/{bumped}; exec " + galaxy),
             Tool("g10k", g10k, g10k, g10k), Tool("vcstool -w 16", vcs, vcs, vcs)]
    tools += [clones(8), clones(16), clones(32, again=True), kelpie(program, "", again=True)]
    tools += [kelpie(program, options) for options in ("-j 16", "-j 32", "-j 50", "-j 64")]
    return tools + [kelpie(program, options, again=True) for options in more]
