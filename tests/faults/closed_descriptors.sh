#!/bin/sh
# Started with 0, 1 and 2 closed, nothing lands where it should not.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
spec="git+file://$REPOS/one.git,v1"
got=0
"$KELPIE" install -p a "$spec" <&- || got=$?
[ "$got" -eq 0 ] || fail "without input: $got"
got=0
"$KELPIE" install -p b "$spec" <&- >&- 2>&- || got=$?
version_is b one v1
"$KELPIE" install -p c "$spec,../x" <&- >&- 2>&- && fail 'a bad name'
find a b c -type f -exec grep -l -e FAILED -e ': installed' {} + >found 2>/dev/null || :
[ ! -s found ] || fail "words in $(cat found)"
[ ! -s b/.kelpie/lock ] || fail 'words in the lock'
