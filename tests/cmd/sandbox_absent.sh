#!/bin/sh
# A kernel or a container without Landlock or seccomp, for any of the reasons
# that there are (H146): auto goes on with what is left and tells it, require
# refuses before anything is fetched.
. "$(dirname "$0")/lib.sh"
need strace
[ "$KELPIE_PORTABLE" = 0 ] || skip 'the portable build confines nothing'
[ -z "$KELPIE_SANITIZE" ] || skip 'sanitizers do not like to be traced'
make_role one v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
EOT
kelpie 0 install -v -p with
grep -q 'by: landlock .*, seccomp$' err || skip 'not both are here'
calls=prctl,landlock_create_ruleset,landlock_restrict_self
strace -qq -o trace -e trace="$calls" true 2>/dev/null ||
    skip 'no tracing here, or an old strace'

n=0
# without LEVEL CALL ERROR...: -e inject for each pair.
without()
{
	level=$1
	shift
	set -- "$@" --
	while [ "$1" != -- ]; do
		call=$1 error=$2
		shift 2
		set -- "$@" -e "inject=$call:error=$error"
	done
	shift
	n=$((n + 1))
	expect_status 0 strace -qq -f -o trace -e trace="$calls" "$@" \
	    "$KELPIE" install -v -p "auto$n"
	expect err "^workers are confined by: $level$"
	version_is "auto$n" one v1
	before=$(requests)
	expect_status 2 strace -qq -f -o trace -e trace="$calls" "$@" \
	    "$KELPIE" install -p "require$n" --sandbox=require
	expect err "^kelpie: --sandbox=require: .* here there is $level;"
	[ "$(requests)" = "$before" ] || fail 'something was fetched'
	[ ! -e "require$n" ] || fail 'something was begun'
}

for error in ENOSYS EOPNOTSUPP EPERM; do
	without seccomp landlock_create_ruleset "$error"
done
# The kernel says that it has it, and then does not let us.
without seccomp landlock_create_ruleset EPERM:when=2+
without seccomp landlock_restrict_self E2BIG
without 'landlock [1-9]' prctl EINVAL
without none landlock_create_ruleset ENOSYS prctl EINVAL
