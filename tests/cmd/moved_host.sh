#!/bin/sh
# A repository that has moved to another host is fetched there, by a worker
# of that host, and no credentials go along.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
new=$URL
newlog=$LOG
serve --mode "moved:301:one.git=$new/one.git"
kelpie 0 install -p roles "git+http://me:s3cr3tword@127.0.0.1:$PORT/one.git,v1"
version_is roles one v1
grep -q auth "$LOG" || fail "the first host got no credentials"
! grep -q auth "$newlog" || fail "the other host got credentials"
expect_no err s3cr3tword
expect_no out s3cr3tword

# The state keeps the source as it is written: nothing to do.
kelpie 0 install -p roles "git+http://me:s3cr3tword@127.0.0.1:$PORT/one.git,v1"
expect_nothing_to_do 1

# The cache knows it by the source as it is written.
kelpie 0 install --offline -p more "git+http://127.0.0.1:$PORT/one.git,v1"
version_is more one v1

# Two hosts that send to each other.
other=$(free_port)
serve --mode "moved:302:one.git=http://127.0.0.1:$other/one.git"
serve --port "$other" --mode "moved:302:one.git=$URL/one.git"
kelpie 1 install -f -p roles "git+http://127.0.0.1:$other/one.git,v1"
expect err '^one: FAILED: .*sent on more than 5 times'
version_is roles one v1
