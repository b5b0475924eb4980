#!/bin/sh
# Every file of .kelpie, damaged in every way: the next run heals or refuses
# it with a word; roles stay what they are, and what a link leads to, too.
# labels: slow timeout=300
# Many small runs would wait for the disk most of their time.
[ ! -w /dev/shm ] || TMPDIR=/dev/shm
. "$(dirname "$0")/../cmd/lib.sh"
for role in one two three; do
	make_role $role v1 v2
done
KELPIE="$KELPIE" python3 "$KELPIE_TOP/tests/faults/damage.py" --url - \
    --repos "$REPOS" kelpie || fail 'see above'
