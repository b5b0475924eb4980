#!/bin/sh
# A wrong option is named as it was written.
. "$(dirname "$0")/lib.sh"
try()
{
	said=$1
	shift
	kelpie 2 install "$@"
	expect err "^kelpie: option '$said"
}
try "-z' is not known" -zq
try "-z' is not known" x -zz
try "--nope' is not known" --nope
try "--force=1' takes no value" --force=1
try "--ma' is not known" --ma 1
try "-j' needs a value" -fj
try "--jobs' needs a value" --jobs
kelpie 2 cache --help=1
expect err "^kelpie: option '--help=1' takes no value; see kelpie cache --help"
kelpie 2 bench -zh
expect err "^kelpie: option '-z' is not known here; see kelpie bench --help"
