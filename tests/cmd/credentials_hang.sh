#!/bin/sh
# A helper that never answers is ended after its time; another host's roles
# do not wait for it.
# labels: slow timeout=120
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role open v1
serve
open=$URL
serve --basic shepherd:s3cr3tword
export GIT_CONFIG_GLOBAL="$T/config"
git config -f config credential.helper "!echo \$\$ >$T/pid; exec sleep 1000; :"
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+$open/open.git, version: v1}
EOT
start_kelpie install -p roles
wait_for 'the other host' test -e roles/open/tasks/main.yml
ended_with 1
version_is roles open v1
expect err '^one: FAILED: .*helper gives no answer for 30 seconds'
wait_for "the helper's end" ended "$(cat pid)"

# Ctrl-C does not wait for it either.
rm pid
start_kelpie install -p roles
wait_for 'the helper' test -s pid
kill -INT "$kelpie_pid"
ended_killed Interrupt
wait_for "the helper's end" ended "$(cat pid)"
