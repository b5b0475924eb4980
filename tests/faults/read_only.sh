#!/bin/sh
# A roles directory that cannot be written is judged by what is in it: all
# in place is status 0, something to do is one error that names the owner.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1 v2
make_role two v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git, version: v1}
EOT
kelpie 0 install -p roles
if [ "$(id -u)" -eq 0 ]; then
	need setpriv
	chmod 755 "$T" "$T/home"
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
	$as test -x "$KELPIE" && $as test -r "$T/requirements.yml" ||
	    skip 'another user cannot read the program'
else
	chmod 555 roles
	at_exit "chmod 755 '$T/roles'"
	as=
fi
# shellcheck disable=SC2086 # words
expect_status 0 $as "$KELPIE" install -p roles
expect_nothing_to_do 2
requirements new.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v2}
- {src: git+file://@REPOS@/two.git, version: v1}
EOT
# shellcheck disable=SC2086
expect_status 1 $as "$KELPIE" install -r new.yml -p roles
expect err "$T/roles" "$(id -un)"
[ "$(wc -l <err)" -le 3 ] || fail 'said more than once'
version_is roles one v1
# A directory that cannot be made.
# shellcheck disable=SC2086
[ -n "$as" ] || skip 'the rest is for root'
mkdir shut
chmod 755 shut
# shellcheck disable=SC2086
expect_status 1 $as "$KELPIE" install -p shut/deep/roles
expect err 'shut'
[ "$(wc -l <err)" -le 3 ] || fail 'said more than once'
[ ! -e shut/deep ] || fail 'it was made'
