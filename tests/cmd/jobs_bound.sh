#!/bin/sh
# -j bounds the workers that live at the same time.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve --mode stall
for n in $(seq 12); do
	echo "- {src: git+$URL/one.git, version: v1, name: role$n}"
done >r.yml
for jobs in 1 3; do
	: >"$LOG"
	start_kelpie install -r r.yml -p roles -j $jobs --no-cache
	wait_for 'requests' test "$(requests)" -ge 0
	wait_for "$jobs requests" eval "[ \$(wc -l <'$LOG') -ge $jobs ]"
	n=$(children "$kelpie_pid" | wc -l)
	[ "$n" -eq "$jobs" ] || fail "$n workers with -j $jobs"
	kill -TERM "$kelpie_pid"
	ended_killed Terminated
done
