#!/bin/sh
# Whoever opens the files of a role by their paths while kelpie replaces it
# again and again finds each, whole, of one version or the other.
# labels: rounds timeout=900
. "$(dirname "$0")/../cmd/lib.sh"
[ "$KELPIE_PORTABLE" != 1 ] || skip 'not without renameat2(2)'
need python3
names='alpha beta gamma'
for name in $names; do
	make_role "$name" v1 v2
	for v in v1 v2; do
		echo "- {src: git+file://$REPOS/$name.git, version: $v}" >>$v.yml
	done
done
# meanwhile ROLES: read and replace.
meanwhile()
{
	kelpie 0 install -r v1.yml -p "$1"
	rm -f stop
	# shellcheck disable=SC2086 # names
	background python3 "$here/readers.py" stop "$1" $names >seen
	reader=$pid
	for _ in $(seq $((KELPIE_ROUNDS * 3))); do
		kelpie 0 install -r v2.yml -p "$1"
		expect out '3 updated'
		kelpie 0 install -r v1.yml -p "$1"
		expect out '3 updated'
	done
	touch stop
	wait "$reader" || fail "a reader missed something: $(cat seen)"
	echo "$((KELPIE_ROUNDS * 18)) replaced, $(cat seen)"
}
meanwhile roles
[ "$(id -u)" -eq 0 ] || exit 0
mkdir disk
mount -t tmpfs -o size=20m tmpfs disk 2>/dev/null || exit 0
at_exit "umount '$T/disk'"
meanwhile disk/roles
# In the upper layer of an overlay, too.
mkdir disk/lower disk/upper disk/work over
mount -t overlay overlay -o lowerdir=disk/lower,upperdir=disk/upper,workdir=disk/work \
    over 2>/dev/null || exit 0
at_exit "umount '$T/over'"
meanwhile over/roles
