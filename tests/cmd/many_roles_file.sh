#!/bin/sh
# Ten thousand entries are read in no time, installed, and found again; those
# that cannot be had fail soon, with one line each.
# labels: timeout=240
. "$(dirname "$0")/lib.sh"
many=10000
[ -z "$KELPIE_SANITIZE" ] && [ "$KELPIE_PORTABLE" = 0 ] || many=1000
for role in a b c; do
	make_role $role v1
done
for n in $(seq "$many"); do
	case $((n % 3)) in
	0) role=a ;;
	1) role=b ;;
	2) role=c ;;
	esac
	echo "- {src: git+file://$REPOS/$role.git, version: v1, name: role$n}"
done >r.yml
# Where nothing waits for a disk, if there is such a place.
room=$(mktemp -d "/dev/shm/kelpie-$test_name.XXXXXX" 2>/dev/null) || room=$T
at_exit "rm -rf '$room/roles' '$room/none'; rmdir '$room' 2>/dev/null"

# The most memory of a process in MB, sanitizers aside.
thrifty()
{
	python3 - "$@" <<'END'
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
if used > 150:
    sys.exit("%d MB" % used)
sys.exit(status)
END
}

kelpie 0 install -r r.yml -p "$room/roles" --dry-run
[ "$(grep -c '^install role' out)" -eq "$many" ] || fail "$(wc -l <out) lines"
if [ -z "$KELPIE_SANITIZE" ]; then
	expect_status 0 thrifty "$KELPIE" install -r r.yml -p "$room/roles"
else
	kelpie 0 install -r r.yml -p "$room/roles"
fi
expect out "^$many installed"
[ "$(find "$room/roles" -path '*/role*/tasks/main.yml' | wc -l)" -eq "$many" ] ||
    fail 'not all are there'
grep -q 'msg: b v1' "$room/roles/role1/tasks/main.yml" || fail 'another role'
no_litter "$room/roles"
kelpie 0 install -r r.yml -p "$room/roles"
expect_nothing_to_do "$many"

sed 's|git+file:[^,]*|git+file:///nowhere/at/all.git|' r.yml >none.yml
kelpie 1 install -r none.yml -p "$room/none"
[ "$(grep -c '^role[0-9]*: FAILED: ' err)" -eq "$many" ] || fail 'lines'
[ "$(wc -l <err)" -le $((many + 30)) ] || fail "$(wc -l <err) lines"
no_litter "$room/none"
