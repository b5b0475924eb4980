#!/bin/sh
# Ctrl-C: status 130, no litter, no orphan, what was ready stays.
# labels: core
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
make_role two v1
make_role three v1
serve --mode stall
requirements <<EOT
- {src: git+file://@REPOS@/two.git, version: v1}
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/three.git, version: v1, name: other}
EOT
for signal in INT TERM HUP; do
	: >"$LOG"
	start_kelpie install -p roles
	wait_for 'requests' eval "[ \$(wc -l <'$LOG') -ge 2 ]"
	workers=$(children "$kelpie_pid")
	kill -$signal "$kelpie_pid"
	case $signal in
	INT) ended_killed Interrupt ;;
	TERM) ended_killed Terminated ;;
	HUP) ended_killed Hangup ;;
	esac
	# shellcheck disable=SC2086
	ended $workers || fail "a worker lives on after $signal"
	[ ! -e roles/one ] && [ ! -e roles/other ] || fail 'half a role'
	no_litter roles
done
