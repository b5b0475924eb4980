#!/bin/sh
# -f fetches again what is there, and follows a branch that has moved.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: main}
EOT
kelpie 0 install -p roles
git -C repos/one.git update-ref refs/heads/main refs/tags/v1
kelpie 0 install -p roles
expect_nothing_to_do 1
version_is roles one main
kelpie 0 install -p roles -f
version_is roles one v1
no_litter roles
