#!/bin/sh
# A version is wished for while any is being looked up or fetched: the role
# begins again, and a second wish is held against the first.
. "$(dirname "$0")/lib.sh"
. "$here/galaxy_lib.sh"
make_role one 1.0.0 1.2.0
cat >galaxy.json <<'EOT'
{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
    "versions": ["1.0.0", "1.2.0"]}}}
EOT
# So slow that all that lies on this machine comes first.
serve_galaxy galaxy.json --mode slow:300
on_github

# needs NAME DEPENDENCY: a role, and one that leads to it.
needs()
{
	DEPENDENCIES="[$2]"
	make_role "$1"
	# shellcheck disable=SC2034 # make_role reads it
	DEPENDENCIES="[{src: 'git+file://$REPOS/$1.git'}]"
	make_role "to-$1"
}
needs any '{src: me.one}'
needs old '{src: me.one, version: 1.0.0}'
needs new '{src: me.one, version: 1.2.0}'
any=git+file://$REPOS/any.git
kelpie 0 install -p roles -s "$GALAXY" "$any" "git+file://$REPOS/to-old.git"
expect out '4 installed'
grep -q "one 1.0.0}" roles/me.one/tasks/main.yml || fail "not 1.0.0"
no_litter roles

kelpie 1 install -p both -s "$GALAXY" "$any" \
    "git+file://$REPOS/to-old.git" "git+file://$REPOS/to-new.git"
expect out '6 installed'
expect err "'me.one' is wanted twice: 1\.[02]\.0 by .*, 1\.[02]\.0 by "
