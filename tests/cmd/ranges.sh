#!/bin/sh
# A range is the highest release tag in it, from every kind of server and from
# Galaxy; what is not there is told with what is near.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one v1.0.0 v1.2.0 v1.10.0 v2.0.0-rc1 v2.0.0 nightly
make_role bare 1.0 1.1
make_role none
cat >galaxy.json <<'EOT'
{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
    "versions": ["v1.0.0", "v1.2.0", "v1.10.0", "v2.0.0"]}}}
EOT
serve_galaxy galaxy.json
on_github

installs()
{
	requirements <<-EOT
		- {src: "$1", version: "$2", name: role}
	EOT
	rm -rf roles
	kelpie 0 install -p roles -s "$GALAXY"
	expect out "^role: installed $3 "
	expect roles/role/meta/.galaxy_install_info "^version: '?$3'?$"
	kelpie 0 install -p roles -s "$GALAXY"
	expect_nothing_to_do 1
}
for src in "git+file://$REPOS/one.git" "$URL/one.git" me.one; do
	installs "$src" '>=1.0,<2' v1.10.0
	installs "$src" '~1.2' v1.2.0
	installs "$src" '^1.0' v1.10.0
	installs "$src" '1.*' v1.10.0
	installs "$src" '*' v2.0.0
	installs "$src" '>=1, !=1.10, <2' v1.2.0
done
installs "$URL/one.git" '>=2.0.0-a,<2.0.0' v2.0.0-rc1
installs "$URL/bare.git" '>=1' 1.1
kelpie 0 install -p line "$URL/one.git,^1.0"
expect line/one/tasks/main.yml 'one v1.10.0'

# What is not there.
fails()
{
	requirements <<-EOT
		- {src: "$1", version: "$2", name: role}
	EOT
	kelpie 1 install -p failed -s "$GALAXY"
	expect err "role: FAILED: .*$3"
}
for src in "git+file://$REPOS/one.git" "$URL/one.git"; do
	fails "$src" '>=3' "no tag in '>=3'; the nearest tags are 'v2.0.0', "
	fails "$src" 1.2.0 "no tag or branch '1.2.0'; did you mean 'v1.2.0'\\?"
	fails "$src" v1.3.0 "'v1.3.0'; the nearest tags are 'v2.0.0', .*'v1.10.0', 'v1.2.0'"
	fails "$src" mian "'mian'; the nearest tags are 'v2.0.0'"
done
fails "$URL/none.git" '>=1' "it has no tags"
fails "$URL/bare.git" 2.0 "the nearest tags are '1.1', '1.0'"
fails me.one '>=3' "no version in '>=3'"

# Faults of the file.
requirements <<-'EOT'
	- {src: "@URL@/one.git", version: ">=main"}
EOT
kelpie 1 install -p roles
expect err "requirements.yml:1:[0-9]+: in the range '>=main': 'main' is no version"

# An older server, that lists all refs at once.
stop "$SERVER"
serve --mode v0
installs "$URL/one.git" '^1.0' v1.10.0
fails "$URL/one.git" 1.2.0 "did you mean 'v1.2.0'"

# What another tool installed is in the range.
requirements <<-'EOT'
	- {src: "@URL@/one.git", version: "^1.0", name: role}
EOT
rm -rf roles/.kelpie
kelpie 0 install -p roles
expect_nothing_to_do 1

# The lock file says what it became; an update looks again.
kelpie 0 install -p roles --lock
expect requirements.lock 'asked: "\^1.0"' 'became: "?v1.10.0' 'ref: refs/tags/v1.10.0'
git -C "$REPOS/one.git" tag v1.11.0 main
kelpie 0 install -p roles
expect_nothing_to_do 1
kelpie 0 update -p roles
expect out '^role: v1.10.0 \(.*\) -> v1.11.0 \('
expect roles/role/tasks/main.yml 'one main'

# Two wishes: a range is content with a version that is in it.
DEPENDENCIES="[{src: 'git+$URL/one.git', version: '^1.0', name: one}]" make_role web v1
for version in v1.2.0 v2.0.0; do
	requirements <<-EOT
		- {src: "@URL@/web.git", version: v1}
		- {src: "git+@URL@/one.git", version: $version}
	EOT
	rm -f requirements.lock
	kelpie 0 install -v -p "both-$version"
done
expect err 'one: .*wants \^1.0; the requirements file decides'
