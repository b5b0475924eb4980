#!/bin/sh
# Ctrl-Z is no silence of the server: the timers start anew when it goes on.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
serve --mode stall
"$KELPIE" install -p roles --timeout 4 "git+$URL/one.git,v1" >out 2>err &
run=$!
pids="$pids $run"
sleep 1
kill -TSTP "$run"
sleep 5
kill -CONT "$run"
sleep 2
kill -0 "$run" 2>/dev/null || fail 'gave up although it had been stopped'
status=0
wait "$run" || status=$?
[ "$status" -eq 1 ] || fail "status $status"
expect err 'one: FAILED: .*4 seconds'
