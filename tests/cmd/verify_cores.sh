#!/bin/sh
# kelpie verify makes the digests on all cores: with the same result as on
# one, no process left when it is ended, and a word about one that was killed.
. "$(dirname "$0")/lib.sh"
need python3 taskset
make_role one v1
for i in 1 2 3 4 5 6 7 8 9; do
	echo "- {src: \"git+file://$REPOS/one.git\", version: v1, name: r$i}"
done >requirements.yml
kelpie 0 install -p roles --lock
rm -r home/.cache roles/r3
echo '# by hand' >>roles/r5/tasks/main.yml
core=$(python3 -c 'import os; print(min(os.sched_getaffinity(0)))')

for option in '' --json; do
	# shellcheck disable=SC2086 # an option, or none
	expect_status 1 taskset -c "$core" "$KELPIE" verify -p roles $option
	mv out one.out && mv err one.err
	# shellcheck disable=SC2086
	kelpie 1 verify -p roles $option
	cmp out one.out || fail 'another result'
	cmp err one.err || fail 'other messages'
done

# So large that two processes have one in their hands.
for i in 1 2; do
	truncate -s 300M "roles/r$i/files/large"
done
# The children that read one.
at_work()
{
	found=
	for child in $(children "$kelpie_pid"); do
		! find "/proc/$child/fd" -lname '*/large' 2>/dev/null |
		    grep -q . || found="$found $child"
	done
	[ -n "$found" ]
}
[ "$(nproc)" -gt 1 ] || exit 0

start_kelpie verify -p roles
wait_for 'a child that reads' at_work
[ "$(echo "$found" | wc -w)" -lt "$(nproc)" ] || fail "too many: $found"
# shellcheck disable=SC2086 # pids
kill -KILL $found
ended_with 2
expect err '^kelpie: a child was killed by signal 9 \(Killed\)$' \
    '^kelpie: r[12]: the process that was to read it has died: run '
expect out '^r3: missing' '^r5: changed' ' 1 missing, 2 changed, 1 unread$'

for signal in INT KILL; do
	start_kelpie verify -p roles
	wait_for 'a child that reads' at_work
	kill -$signal "$kelpie_pid"
	ended_killed "$([ $signal = INT ] && echo Interrupt || echo Killed)"
	# shellcheck disable=SC2086 # pids
	wait_for "the end of$found" ended $found
done
