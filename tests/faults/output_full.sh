#!/bin/sh
# Standard output that cannot be written is status 1; the roles are there
# all the same.  A closed pipe is no error.
. "$(dirname "$0")/../cmd/lib.sh"
[ -c /dev/full ] || skip 'no /dev/full here'
make_role one v1
spec="git+file://$REPOS/one.git,v1"
got=0
"$KELPIE" install -p roles "$spec" >/dev/full 2>err || got=$?
[ "$got" -eq 1 ] || fail "status $got"
expect err 'No space left'
version_is roles one v1
for what in --help --version 'install --help'; do
	got=0
	# shellcheck disable=SC2086 # words
	"$KELPIE" $what >/dev/full 2>err || got=$?
	[ "$got" -eq 1 ] || fail "$what: status $got"
done
{
	got=0
	"$KELPIE" install -p more "$spec" 2>err || got=$?
	echo "$got" >status
} | :
[ "$(cat status)" -eq 0 ] || fail "closed pipe: $(cat status)"
version_is more one v1
