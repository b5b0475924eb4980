#!/bin/sh
# Two runs on one directory: the second waits, says so, and both succeed.
# labels: core
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
make_role two v1
serve --delay 300
first="git+$URL/one.git,v1"
second="git+file://$REPOS/two.git,v1"
background "$KELPIE" install -p roles "$first" >out1 2>err1
first_pid=$pid
wait_for 'a request' test -s "$LOG"
kelpie 0 install -p roles "$second"
cat out err >all
expect all 'wait'
got=0
wait "$first_pid" || got=$?
[ "$got" -eq 0 ] || fail "the first run: $got"
version_is roles one v1
version_is roles two v1
kelpie 0 install -p roles "$first" "$second"
expect_nothing_to_do 2
no_litter roles
# The lock dies with its holder.
rm -rf roles
serve --mode stall
start_kelpie install -p roles "git+$URL/one.git,v1"
wait_for 'a request' test -s "$LOG"
kill -KILL "$kelpie_pid"
kelpie 0 install -p roles "$second"
