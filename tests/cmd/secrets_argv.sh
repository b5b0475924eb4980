#!/bin/sh
# Nor does it stand in the command line of a worker.
. "$(dirname "$0")/lib.sh"
[ -r /proc/self/cmdline ] || skip 'no /proc here'
make_role one v1
serve --mode stall
requirements <<EOT
- {src: git+http://shepherd:s3cr3tword@127.0.0.1:$PORT/one.git, version: v1}
EOT
background "$KELPIE" install -p roles >out 2>err
kelpie_pid=$pid
wait_for 'a request' test -s "$LOG"
for child in $(children "$kelpie_pid"); do
	tr '\0' ' ' <"/proc/$child/cmdline" >>lines
done
[ -s lines ] || fail 'no worker'
expect_no lines s3cr3tword
