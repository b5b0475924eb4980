#!/bin/sh
# kelpie role install is kelpie install.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 role install -p roles
version_is roles one v1
kelpie 0 install -p roles
expect_nothing_to_do 1
kelpie 0 role install --help
mv out help
kelpie 0 install --help
expect_out help <out
kelpie 0 help role install
expect_out help <out
kelpie 2 role
expect err '^kelpie: role needs a command'
kelpie 2 role nosuch
expect err "^kelpie: there is no command 'role nosuch'"
kelpie 2 role cache
kelpie 2 help role nosuch
