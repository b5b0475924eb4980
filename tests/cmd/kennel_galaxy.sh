#!/bin/sh
# Pups that are roles of a Galaxy, pinned or not, under names of their own;
# and what they say in a requirements file.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 1.10.0 1.9.0
cat >galaxy.json <<-'END'
	{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
	    "github_branch": "main", "versions": ["1.0.0", "1.10.0", "1.9.0"]}}}
END
serve_galaxy galaxy.json
on_github
cat >pupfile.yml <<-'END'
	- { name: newest, location: "galaxy+me.one" }
	- { name: pinned, location: "galaxy+me.one,1.9.0" }
END
kelpie 0 install -s "$GALAXY"
expect "$T/out" '2 installed'
grep -q 'one 1\.10\.0}' .kennel_roles/newest/tasks/main.yml || fail "newest"
grep -q 'one 1\.9\.0}' .kennel_roles/pinned/tasks/main.yml || fail "pinned"
kelpie 0 install
expect_nothing_to_do 2
kelpie 0 convert
kelpie 0 install -r requirements.yml -p .kennel_roles
expect_nothing_to_do 2
rm requirements.yml
echo '- { name: none, location: galaxy+me.none }' >pupfile.yml
kelpie 1 install -s "$GALAXY"
expect "$T/err" 'none: FAILED: .*me\.none'
