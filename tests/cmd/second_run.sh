#!/bin/sh
# A second run finds nothing to do: it asks nobody and changes nothing.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git}
EOT
kelpie 0 install -p roles
find roles -printf '%p %i %T@ %C@\n' | sort >before
before=$(requests)
stop "$SERVER"
kelpie 0 install -p roles
expect_nothing_to_do 2
expect_no out 'installed v1'
[ "$(requests)" -eq "$before" ] || fail 'it asked the server'
find roles -printf '%p %i %T@ %C@\n' | sort >after
diff -u before after || fail 'it changed something'
