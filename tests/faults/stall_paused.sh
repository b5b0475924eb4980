#!/bin/sh
# To be stopped is no silence of the server: by Ctrl-Z, by SIGSTOP to the
# parent, and to all, as when a machine is stopped, for longer than anybody
# may be silent.  The timers start anew when it goes on.
. "$(dirname "$0")/../cmd/lib.sh"
[ -d /proc/self ] || skip 'no /proc here'
make_role one v1
serve --mode stall
stall=$URL
serve --delay 3000
LOG=$T/requests1.log
# start NAME URL: sets the variable NAME to the process.
start()
{
	background "$KELPIE" install -p "$1" --timeout 4 "git+$2/one.git,v1" \
	    >"$1.out" 2>"$1.err"
	eval "$1=$pid"
}
start ctrlz "$stall"
start all "$stall"
start parent "$URL"
# shellcheck disable=SC2154 # start sets them
wait_for 'requests' eval "[ \$(wc -l <'$LOG') -eq 2 -a -s '$T/requests2.log' ]"
workers=$(children "$all")
kill -TSTP "$ctrlz"
# shellcheck disable=SC2086 # a list
kill -STOP "$all" $workers "$parent"
# A worker may be silent for 4 seconds, and 6 if it does not say so itself.
sleep 7
# Without a pause the workers' answers would be there first.
kill -CONT "$all" "$ctrlz" "$parent"
sleep 0.5
# shellcheck disable=SC2086
kill -CONT $workers
sleep 1.5
for run in "$all" "$ctrlz"; do
	kill -0 "$run" 2>/dev/null ||
	    fail "gave up although it had been stopped: $(cat all.err ctrlz.err)"
done
for name in all ctrlz; do
	status=0
	eval "wait \"\$$name\"" || status=$?
	[ "$status" -eq 1 ] || fail "$name: status $status"
	expect $name.err 'one: FAILED: .*4 seconds'
	expect_no $name.err 'killed'
done
wait "$parent" || fail "parent: status $?: $(cat parent.err)"
version_is parent one v1
