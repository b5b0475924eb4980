#!/bin/sh
# -q says nothing but errors; -v tells more.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 install -q -p a
[ ! -s out ] && [ ! -s err ] || fail 'words in a quiet run'
kelpie 0 install -p b
cat out err | wc -l >plain
kelpie 0 install -v -p c
cat out err | wc -l >verbose
[ "$(cat verbose)" -gt "$(cat plain)" ] || fail '-v told nothing'
kelpie 1 install -q -p d "git+file://$REPOS/one.git,nosuch"
expect err '^one: FAILED: .*nosuch'
