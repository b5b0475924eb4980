#!/bin/sh
# Started with any of 0, 1 and 2 closed, a run does what it should, and its
# words land in no file.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
spec="git+file://$REPOS/one.git,v1"
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' \
    '<&- >&- 2>&-' ''; do
	rm -rf roles
	got=0
	eval '"$KELPIE" install -p roles "$spec" >>said 2>&1' "$closed" || got=$?
	[ "$got" -eq 0 ] || fail "with '$closed': $got"
	version_is roles one v1
	no_litter roles
	kelpie 0 install -p roles "$spec"
	got=0
	eval '"$KELPIE" install -f -p roles "$spec" "../x" >>said 2>&1' "$closed" || got=$?
	[ "$got" -eq 1 ] || fail "a bad name with '$closed': $got"
	got=0
	eval '"$KELPIE" list -p roles >>said 2>&1' "$closed" || got=$?
	[ "$got" -eq 0 ] || fail "list with '$closed': $got"
	find roles home -type f -exec grep -l -e FAILED -e installed \
	    -e 'one  v1' -e 'kelpie: ' {} + >found 2>/dev/null || :
	[ ! -s found ] || fail "with '$closed': words in $(cat found)"
	expect roles/.kelpie/lock '^[0-9]+$'
	[ "$(wc -l <roles/.kelpie/lock)" -eq 1 ] || fail 'words in the lock'
	kelpie 0 remove -p roles one
done
