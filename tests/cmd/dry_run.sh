#!/bin/sh
# --dry-run prints the plan, asks nobody and writes nothing.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
kelpie 0 install -p roles --dry-run
expect out 'one' 'two' 'v1' 'install'
[ ! -e roles ] || fail 'the roles directory was made'
kelpie 0 install -p roles
requirements v2.yml <<EOT
- {src: git+@URL@/one.git, version: v2}
- {src: git+@URL@/two.git, version: v1}
EOT
find roles -printf '%p %i %T@\n' | sort >before
: >"$LOG"
kelpie 0 install -r v2.yml -p roles --dry-run
expect out 'one.*v2'
find roles -printf '%p %i %T@\n' | sort >after
diff -u before after || fail 'it changed something'
[ "$(requests)" -eq 0 ] || fail 'it asked the server'
