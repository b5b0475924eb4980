#!/bin/sh
# Standard output that cannot be written is status 1; the roles are there
# all the same.  A closed pipe is no error, on either stream or on both.
. "$(dirname "$0")/../cmd/lib.sh"
[ -c /dev/full ] || skip 'no /dev/full here'
make_role one v1
spec="git+file://$REPOS/one.git,v1"
# full STATUS ARGUMENT...: without room for what it says.
full()
{
	want=$1
	shift
	got=0
	"$KELPIE" "$@" >/dev/full 2>err || got=$?
	[ "$got" -eq "$want" ] || fail "$*: status $got"
}
full 1 install -p roles "$spec"
expect err 'No space left'
version_is roles one v1
no_litter roles
for what in --help --version 'install --help' 'install -p roles git+file:///x,v1,one' \
    'list -p roles' 'list --json -p roles' 'info -p roles one' cache; do
	# shellcheck disable=SC2086 # words
	full 1 $what
	expect err 'No space left'
done
# What is not current was not told, so that is no answer.
git init -q --bare repos/old.git
git -C repos/old.git fetch -q "$REPOS/one.git" main:main v1:refs/tags/v1.0.0 \
    main:refs/tags/v1.1.0
requirements <<EOT
- {src: git+file://@REPOS@/old.git, name: old, version: v1.0.0}
EOT
kelpie 3 outdated -p roles
for what in 'outdated -p roles' 'outdated --json -p roles' 'lock' \
    'update -p roles' 'verify -p roles' 'download'; do
	# shellcheck disable=SC2086 # words
	full 1 $what
	expect err 'No space left'
done
[ -s requirements.lock ] && [ -s kelpie-mirror/index ] || fail 'nothing written'
got=0
"$KELPIE" install -p quiet -q "$spec" >/dev/full 2>/dev/full || got=$?
[ "$got" -eq 0 ] || fail "nothing to say, and yet $got"
version_is quiet one v1
# nobody_reads STATUS STREAM,... ARGUMENT...
nobody_reads()
{
	want=$1
	shift
	expect_status "$want" python3 -c '
import os, subprocess, sys
end, pipe = os.pipe()
os.close(end)
streams = {name: pipe for name in sys.argv[1].split(",")}
sys.exit(subprocess.run(sys.argv[2:], **streams).returncode)' "$@"
}
for streams in stdout stderr stdout,stderr; do
	rm -rf more
	nobody_reads 0 $streams "$KELPIE" install -v -p more "$spec"
	version_is more one v1
	no_litter more
	nobody_reads 1 $streams "$KELPIE" install -p more "$spec" ./none.tar.gz
	nobody_reads 0 $streams "$KELPIE" list -p more
	nobody_reads 0 $streams "$KELPIE" remove -p more one
	[ ! -e more/one ] || fail 'not removed'
done
