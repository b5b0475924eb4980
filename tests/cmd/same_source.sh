#!/bin/sh
# One repository at one version under several names is fetched once.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
serve
for name in a b c d; do
	printf -- '- {src: git+%s/one.git, version: v1, name: %s}\n' "$URL" $name
done >requirements.yml
printf -- '- {src: git+%s/one.git, version: v2, name: e}\n' "$URL" >>requirements.yml
kelpie 0 install -p roles
for name in a b c d; do
	grep -qx '  debug: {msg: one v1}' roles/$name/tasks/main.yml ||
	    fail "$name is not v1"
done
grep -qx '  debug: {msg: one v2}' roles/e/tasks/main.yml || fail 'e is not v2'
[ "$(grep -c ' fetch ' "$LOG")" -eq 2 ] || fail "$(cat "$LOG")"
[ "$(grep -c ' ls-refs ' "$LOG")" -eq 2 ] || fail "$(cat "$LOG")"
no_litter roles

# When the first cannot even begin, the others are told why.
sed 's/v1/v9/' requirements.yml >none.yml
kelpie 1 install --offline -r none.yml -p more
for name in a b c d; do
	expect err "^$name: FAILED: .*not in the cache"
done
expect_no out cancelled

# One that waits for its twin, and is to be another version before that comes.
src="src: '$URL/one.git', scm: git"
# shellcheck disable=SC2034 # make_role reads it
DEPENDENCIES="[{$src, name: f}, {$src, name: g}, {$src, name: g, version: v1}]"
make_role top
kelpie 0 install -p changed "git+file://$REPOS/top.git"
grep -q 'one main}' changed/f/tasks/main.yml || fail 'f is not main'
grep -q 'one v1}' changed/g/tasks/main.yml || fail 'g is not v1'
