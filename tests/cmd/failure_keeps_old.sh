#!/bin/sh
# A failed role leaves the old one as it was; the others still install.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
make_role three v1
serve
requirements old.yml <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
kelpie 0 install -r old.yml -p roles
requirements new.yml <<EOT
- {src: git+@URL@/one.git, version: v9}
- {src: git+@URL@/two.git, version: v1}
- {src: git+@URL@/three.git, version: v1}
- {src: git+@URL@/nosuch.git, version: v1}
EOT
kelpie 1 install -r new.yml -p roles
expect err '^one: FAILED: .*v9' '^nosuch: FAILED: '
expect out '1 installed' '1 already there' '2 failed'
version_is roles one v1
version_is roles three v1
[ ! -e roles/nosuch ] || fail 'nosuch is there'
stop "$SERVER"
kelpie 1 install -r old.yml -p roles -f
version_is roles one v1
version_is roles two v1
no_litter roles
