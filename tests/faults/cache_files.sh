#!/bin/sh
# Every file of the cache, damaged in every way: online the next run heals it,
# offline it may refuse, and never is there a role that was not asked for.
# labels: rounds slow timeout=300
# Many small runs would wait for the disk most of their time.
[ ! -w /dev/shm ] || TMPDIR=/dev/shm
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1 v2
make_role two v1
make_role three v1
for n in 1 2; do
	mkdir -p top/meta top/tasks
	echo '{}' >top/meta/main.yml
	echo "- debug: {msg: packed $n}" >top/tasks/main.yml
	tar -czf "$REPOS/packed$n.tar.gz" top
	sha256sum "$REPOS/packed$n.tar.gz" >>sums
done
serve
KELPIE="$KELPIE" python3 "$KELPIE_TOP/tests/faults/damage.py" --url "$URL" \
    --repos "$REPOS" cache || fail 'see above'
