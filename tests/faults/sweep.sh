#!/bin/sh
# H138, H139: with more and more of disk, inodes, file size, descriptors and
# processes there is first an error that names what there is too little of,
# then success, and never half a role.
#
# With many $KELPIE_ROUNDS the steps are small.
# labels: rounds timeout=600
. "$(dirname "$0")/../cmd/lib.sh"
[ "$(id -u)" -eq 0 ] || skip 'only root can mount and be somebody else'
mkdir disk
mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null || skip 'cannot mount'
umount disk
. "$here/world_lib.sh"
# One that is not root installs, too.
chmod 755 "$T" "$room"
wide=8
[ "$KELPIE_ROUNDS" -lt 20 ] || wide=1

# sweep WHAT FROM STEP TO: coarsely to begin with.
sweep()
{
	# shellcheck disable=SC2046 # words
	rounds sweep.py "$1" $(seq "$2" $(($3 * wide)) "$4")
}

sweep disk 20480 1024 160000
sweep disk-roles 20480 2048 160000
sweep disk-cache 4096 4096 100000
sweep inodes 4 1 100
sweep file 0 25 2200
rounds sweep.py file 1 10 100 5000
# shellcheck disable=SC2046 # words
rounds sweep.py files $(seq 3 30) 40 64
rounds sweep.py user 1 2 3 4
[ ! -w /sys/fs/cgroup/pids ] || rounds sweep.py pids 1 2 3 8
