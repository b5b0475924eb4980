#!/bin/sh
# -q says nothing but errors, whatever the command; -v tells more.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 install -q -p a
[ ! -s out ] && [ ! -s err ] || fail 'words in a quiet run'
kelpie 0 install -p b
cat out err | wc -l >plain
kelpie 0 install -v -p c
cat out err | wc -l >verbose
[ "$(cat verbose)" -gt "$(cat plain)" ] || fail '-v told nothing'
kelpie 1 install -q -p d "git+file://$REPOS/one.git,nosuch"
expect err '^one: FAILED: .*nosuch'

# What looks at roles, and what removes them.
nothing()
{
	kelpie "$@"
	[ ! -s out ] && [ ! -s err ] || fail "words: $*"
}
nothing 0 verify -q -p a
nothing 0 list -q -p a one
nothing 0 list --quiet -p a
nothing 0 info -q -p a one
kelpie 1 list -q -p a one two
expect_out </dev/null
expect err '^kelpie: two: is not installed$'
kelpie 0 verify -v -p a
expect out "^one: ok: v1 \\($(commit_of one v1 | cut -c1-12)\\)$" '^1 role as installed$'
kelpie 0 verify -p a
expect_no out 'one: '
kelpie 0 verify -q --json -p a
python3 -c 'import json; assert json.load(open("out"))["ok"]'
for command in verify list info prune; do
	name=one
	[ "$command" != prune ] || name=
	# shellcheck disable=SC2086 # a name, or none
	kelpie 0 "$command" -v -p a $name
	expect err '^what reads roles is confined by: '
done
echo '# by hand' >>a/one/tasks/main.yml
nothing 1 verify -q -p a
kelpie 1 remove -q -p a one
expect err '^kelpie: one: edited by hand'
expect_out </dev/null
nothing 0 remove -q -p b one
[ ! -e b/one ] || fail 'it is there'
echo '- {src: git+file://@REPOS@/one.git, version: v1, name: other}' | requirements other.yml
kelpie 0 install -q -p c -r other.yml
kelpie 2 prune -q -p c -r other.yml
expect err "^kelpie: -q does not show which roles would go: it needs --yes"
[ -e c/one ] || fail 'it is gone'
nothing 0 prune -q --yes -p c -r other.yml
[ ! -e c/one ] || fail 'it is there'
nothing 0 init -q --path d three
