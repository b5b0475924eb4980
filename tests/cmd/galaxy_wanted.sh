#!/bin/sh
# A version that is asked for: by its name or but for a v; branches and
# commits as git has them; what is not there is told with what is.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 1.2.0 v1.3.0
cat >galaxy.json <<'EOT'
{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
    "versions": ["1.0.0", "1.2.0", "v1.3.0"]}}}
EOT
serve_galaxy galaxy.json
on_github
# wanted VERSION CONTENT [INFO]
wanted()
{
	rm -rf roles
	kelpie 0 install -p roles -s "$GALAXY" "me.one,$1"
	grep -q "one $2}" roles/me.one/tasks/main.yml || fail "$1 is not $2"
	grep -qx "version: ${3:-$1}" roles/me.one/meta/.galaxy_install_info ||
	    fail "$(cat roles/me.one/meta/.galaxy_install_info)"
}
wanted 1.2.0 1.2.0
wanted v1.2.0 1.2.0 1.2.0
wanted 1.3.0 v1.3.0 v1.3.0
wanted main main
wanted "$(commit_of one 1.0.0)" 1.0.0
rm -rf roles
kelpie 1 install -p roles -s "$GALAXY" me.one,9.9
expect err "role 'me\.one' has no version '9\.9'; the nearest are 'v1\.3\.0', '1\.2\.0', '1\.0\.0'"
[ ! -e roles/me.one ] || fail 'something was installed'
kelpie 1 install -p roles -s "$GALAXY" me.one,nosuch
expect err "nosuch"
kelpie 1 install -p roles -s "$GALAXY" me.nope
expect err "role 'me\.nope' is not known to $GALAXY"
kelpie 1 install -p roles -s "$GALAXY" nodots
expect err "'nodots' is neither an URL, nor a path, nor a Galaxy name"
