#!/bin/sh
# Where a Galaxy's role is fetched from: an archive that the server names,
# unless it is what GitHub packs of the same repository, then the repository,
# then what the server calls its source.  A token never goes there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0
make_role two 1.0.0
mkdir archives
# pack NAME: an archive that says so.
pack()
{
	mkdir -p "$1/meta" "$1/tasks"
	echo 'dependencies: []' >"$1/meta/main.yml"
	printf -- '- name: Say it\n  debug: {msg: archive %s}\n' "$1" \
	    >"$1/tasks/main.yml"
	tar -czf "archives/$1.tar.gz" "$1"
}
pack named
pack source
cat >galaxy.json <<'EOT'
{"roles": {
    "me.named": {"id": 1, "github_user": "me", "github_repo": "one",
	"versions": [{"name": "1.0.0", "source": "@URL@/archives/source.tar.gz",
	    "download_url": "@URL@/archives/named.tar.gz"}]},
    "me.own": {"id": 2, "github_user": "me", "github_repo": "one",
	"versions": [{"name": "1.0.0", "source": "@URL@/archives/source.tar.gz",
	    "download_url": "https://github.com/me/one/archive/1.0.0.tar.gz"}]},
    "me.source": {"id": 3,
	"versions": [{"name": "1.0.0",
	    "source": "@URL@/archives/source.tar.gz"}]},
    "me.git": {"id": 4,
	"versions": [{"name": "1.0.0",
	    "source": "git+https://github.com/me/two.git"}]},
    "me.nowhere": {"id": 5, "versions": ["1.0.0"]},
    "me.local": {"id": 6,
	"versions": [{"name": "1.0.0", "download_url": "file:///etc/passwd"}]}
}}
EOT
serve_galaxy galaxy.json --token t0ken
on_github
kelpie 0 install -p roles -s "$GALAXY" --token t0ken \
    me.named me.own me.source me.git
is()
{
	grep -q "msg: $2}" "roles/$1/tasks/main.yml" || fail "roles/$1 is not $2"
	expect "roles/$1/meta/.galaxy_install_info" '^version: 1\.0\.0$'
}
is me.named 'archive named'
is me.own 'one 1.0.0'
is me.source 'archive source'
is me.git 'two 1.0.0'
asked 0 '^GET /archives/.* auth'
asked 2 '^GET /archives/'
! grep -q auth "$LOG" || fail 'the token was sent elsewhere'
kelpie 1 install -p roles -s "$GALAXY" --token t0ken me.nowhere me.local
expect err 'me\.nowhere.*does not say where role' \
    'me\.local.*no http or https url'
kelpie 0 install -p roles -s "$GALAXY" --token t0ken \
    me.named me.own me.source me.git
expect_nothing_to_do 4
