#!/bin/sh
# An answer that is no answer is a clear error; the others still install.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v0 v1
make_role local v1
# answer MODE PATTERN...
answer()
{
	mode=$1
	shift
	serve --mode "$mode"
	rm -rf roles
	kelpie 1 install -p roles --timeout 5 "git+$URL/one.git,v1" \
	    "git+file://$REPOS/local.git,v1"
	expect err '^one: FAILED: ' "$@"
	expect_plain err
	[ "$(grep -c '^one: FAILED' err)" -eq 1 ] || fail 'said more than once'
	[ ! -e roles/one ] || fail "installed from $mode"
	version_is roles local v1
	no_litter roles
	stop "$SERVER"
}
answer html '(text/html|html|not .*git)'
answer dumb 'dumb http'
answer short-pack
answer wrong-commit "commit '[0-9a-f]{40}' is not in the pack"
answer status:404 '(404|not found|no such)'
answer status:403 '403|forbid'
answer status:500 500
answer status:503 503
answer status:429 429
answer redirect:http://127.0.0.1:1/elsewhere 'moved|connect'
for bytes in 0 1 30 200 400; do
	answer truncate:$bytes
done
