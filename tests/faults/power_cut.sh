#!/bin/sh
# A power cut at any moment, on ext4 and xfs: every role is the complete old or
# the complete new one, what was told as installed is there, and the same
# command again succeeds.  Without the sync that is not so.
# labels: rounds timeout=900
. "$(dirname "$0")/../cmd/lib.sh"
need python3 git unshare mkfs.ext4 mkfs.xfs
[ "$(id -u)" -eq 0 ] || skip 'only root can mount'
[ -e /dev/loop-control ] || skip 'no loop devices here'
[ -z "$KELPIE_SANITIZE" ] || skip 'too slow with sanitizers'
# Memory, so that the disk of this machine has no say.
images=$T
[ ! -d /dev/shm ] || images=$(mktemp -d /dev/shm/kelpie-cut.XXXXXX)
at_exit "rm -rf '$images'"
status=0
unshare --mount --propagation private \
    python3 "$here/power_cut.py" "$KELPIE" "$images" "$KELPIE_ROUNDS" || status=$?
[ "$status" -ne 77 ] || skip 'loop images cannot be mounted or cut off here'
exit "$status"
