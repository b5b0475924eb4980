#!/bin/sh
# A worker that is killed costs one role, told with its signal; the others
# install.
# labels: core
. "$(dirname "$0")/../cmd/lib.sh"
[ -d /proc/self ] || skip 'no /proc here'
crashes_expected
make_role one v1
make_role two v1
make_role three v1
serve --mode stall
bad=$URL
serve --delay 50
requirements <<EOT
- {src: git+$bad/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
- {src: git+@URL@/three.git, version: v1}
EOT
for signal in KILL SEGV; do
	rm -rf roles
	LOG=$T/requests1.log
	: >"$LOG"
	start_kelpie install -p roles
	wait_for 'a request' test -s "$LOG"
	wait_for 'the other roles' test -e roles/two -a -e roles/three
	workers=$(children "$kelpie_pid")
	# Those without a role in their hands may be there still.
	for worker in $workers; do
		kill -$signal "$worker" 2>/dev/null || :
	done
	ended_with 1
	expect err "^one: FAILED: .*($signal|signal|[Kk]illed|[Ss]egmentation)"
	version_is roles two v1
	version_is roles three v1
	no_litter roles
done
