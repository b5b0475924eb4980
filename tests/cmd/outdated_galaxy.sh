#!/bin/sh
# Galaxy names: one lookup each, and git only where Galaxy names no commit;
# roles that another tool installed; several servers; the same source twice.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 1.1.0 2.0.0
make_role two v1.0.0
make_role bare
sha()
{
	commit_of one "$1"
}
data()
{
	cat >galaxy.json <<-EOT
		{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
		    "versions": [$1]},
		  "me.bare": {"id": 3, "github_user": "me", "github_repo": "bare",
		    "github_branch": "main", "versions": []}}}
	EOT
}
data '"1.0.0", "1.1.0"'
echo '{"roles": {"me.two": {"id": 2, "github_user": "me", "github_repo": "two",
    "versions": ["v1.0.0"]}}}' >second.json
serve_galaxy second.json
SECOND=$GALAXY
serve_galaxy galaxy.json
cat >ansible.cfg <<-EOT
	[galaxy]
	server_list = first, second
	[galaxy_server.first]
	url = $GALAXY
	[galaxy_server.second]
	url = $SECOND
EOT
on_github
requirements <<-'EOT'
	- src: me.one
	- {src: me.one, version: 1.0.0, name: exact}
	- {src: me.one, version: "~1.0", name: range}
	- src: me.two
	- src: me.bare
EOT
kelpie 0 install -p roles
kelpie 3 outdated -p roles
expect out '^me.one +1.1.0 +1.1.0 +1.1.0$' '^exact +1.0.0 +1.0.0 +1.1.0 +newer release$' \
    '^me.two +v1.0.0 +v1.0.0 +v1.0.0$' '^me.bare +main \(.*\) +main \(.*\) +-$'

data '"1.0.0", "1.1.0", "2.0.0"'
stop "$GALAXY_PID"
serve_galaxy galaxy.json
sed -i "s|^url = .*|url = $GALAXY|;t" ansible.cfg
sed -i "\$s|.*|url = $SECOND|" ansible.cfg
: >"$LOG"
kelpie 3 outdated -p roles
expect out '^me.one +1.1.0 +2.0.0 +2.0.0 +update$' '^exact +1.0.0 +1.0.0 +2.0.0 +newer release$' \
    '^range +1.0.0 +1.0.0 +2.0.0 +kept back by ~1.0$'
[ ! -s err ] || fail 'something was said'

# The same name and version is asked for once, and the same source.
requirements <<-'EOT'
	- src: me.one
	- {src: me.one, name: again}
	- {src: @URL@/two.git, version: v1.0.0, name: a}
	- {src: @URL@/two.git, version: v1.0.0, name: b}
EOT
: >"$LOG"
: >"$GLOG"
kelpie 3 outdated -p roles
expect out '^again +- +2.0.0 +2.0.0 +not installed$' '^a +- +v1.0.0 +v1.0.0 ' '^b +- +v1.0.0 +v1.0.0 '
asked 1 'roles/\?'
[ "$(requests)" -eq 2 ] || fail "asked more than once: $(cat "$LOG")"
expect out '^me.one '

# Where Galaxy names the commit, git is not asked; another one is told.
requirements <<-'EOT'
	- {src: me.one, version: 1.0.0}
EOT
data "{\"name\": \"1.0.0\", \"commit_sha\": \"$(sha 1.0.0)\"}"
kelpie 0 install -p named
: >"$LOG"
kelpie 0 outdated -p named
expect out '^me.one +1.0.0 +1.0.0 +1.0.0$'
[ "$(requests)" -eq 0 ] || fail "git was asked: $(cat "$LOG")"
data "{\"name\": \"1.0.0\", \"commit_sha\": \"$(sha 1.1.0)\"}"
kelpie 3 outdated -p named
expect err "tag '1.0.0' was commit $(sha 1.0.0) when it was installed and is $(sha 1.1.0) now"
expect out '^me.one +1.0.0 +1.0.0 +1.0.0 +tag was moved$'

# What another tool installed has its install info, and what it depends on.
DEPENDENCIES='[{src: me.two, version: v1.0.0}]' make_role web v1
requirements <<-'EOT'
	- {src: "@URL@/web.git", version: v1}
EOT
kelpie 0 install -p theirs
rm -rf theirs/.kelpie
kelpie 0 outdated -p theirs
expect out '^web +v1 +v1 +v1$' '^me.two +v1.0.0 +v1.0.0 +v1.0.0$'
[ ! -e theirs/.kelpie ] || fail 'a directory was made'

# Nobody knows the name.
requirements <<-'EOT'
	- src: me.nobody
	- src: me.two
EOT
kelpie 1 outdated -p theirs
expect err '^me.nobody: FAILED: '
expect out '^me.two +v1.0.0 +v1.0.0 +v1.0.0$' '^me.nobody +- +- +- +failed$'
