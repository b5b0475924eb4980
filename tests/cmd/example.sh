#!/bin/sh
# The example installs its roles, and ansible-playbook uses them.
# labels: timeout=240
. "$(dirname "$0")/lib.sh"
expect_status 0 env KELPIE="$KELPIE" "$KELPIE_TOP/roles-example/run"
expect out '3 installed' 'nothing to do'
dir=$(sed -n 's/^roles are in //p' out)
for role in hello motd people; do
	[ -f "$dir/$role/meta/main.yml" ] || fail "no $role in '$dir'"
done
[ "$(cat "$dir/hello/VERSION")" = v1.1.0 ] || fail 'version of hello'
[ ! -e "$dir/motd/tests" ] || fail 'export-ignore was ignored'
[ ! -e "$dir/../repos" ] || fail 'the repositories are left'
command -v ansible-playbook >/dev/null || exit 0
cd "$dir/.." || exit 1
expect_status 0 make site KELPIE="$KELPIE" ROLES=roles
expect "$T/out" 'hello, world'
grep -q 'home of grace' out/home/grace/README || fail 'the roles did nothing'
