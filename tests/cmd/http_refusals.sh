#!/bin/sh
# What a server refuses is told apart, each in one line that says what to do
# or why.
. "$(dirname "$0")/lib.sh"
make_role one v1
refused()
{
	pattern=$1
	shift
	serve "$@"
	kelpie 1 install -p roles "git+http://${user-}127.0.0.1:$PORT/one.git,v1"
	expect err "^one: FAILED: .*$pattern"
	[ "$(grep -c '^one: FAILED' err)" -eq 1 ] || fail 'said more than once'
	expect_no err s3cr3tword
	expect_plain err
	stop "$SERVER"
}
refused 'asks for a user and password' --basic me:word
refused "of a kind that kelpie does not have .'Bearer'" --basic me:word \
    --challenge 'Bearer realm="git"'
refused 'the server forbids it' --mode status:403
refused 'private and no credentials were given' --mode status:404
refused 'status 429' --mode status:429 --retry-after 1
refused 'status 503' --mode status:503 --retry-after date+2
refused 'status 410' --mode status:410
refused "dumb http" --mode dumb
refused "dumb http" --mode dumb --dumb-type application/octet-stream
refused 'an HTML page' --mode html
user=me:s3cr3tword@
refused 'refuses the user or the password' --basic me:word
refused 'not to be seen with this user' --mode status:404
