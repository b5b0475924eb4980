#!/bin/sh
# A tag costs two requests, a full commit id one, and none asks for
# capabilities.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
kelpie 0 install -p a "git+$URL/one.git,v1"
[ "$(requests)" -eq 2 ] || fail "$(requests) requests for a tag: $(cat "$LOG")"
expect_no "$LOG" 'info/refs'
: >"$LOG"
kelpie 0 install --no-cache -p b "git+$URL/one.git,$(commit_of one v1)"
[ "$(requests)" -eq 1 ] || fail "$(requests) requests for a commit: $(cat "$LOG")"
