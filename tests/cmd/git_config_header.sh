#!/bin/sh
# http.extraHeader: sent to the hosts that it is for, with every request.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role open v1
serve
open=$URL
openlog=$LOG
serve --basic shepherd:s3cr3tword
export GIT_CONFIG_GLOBAL="$T/config"
token="Authorization: Basic $(printf shepherd:s3cr3tword | base64)"
git config -f config "http.$URL.extraHeader" "$token"
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+$open/open.git, version: v1}
EOT
kelpie 0 install -p roles -vv
version_is roles one v1
version_is roles open v1
expect_no "$LOG" ' 401 '
expect_no "$openlog" auth
expect_no err "${token##* }"
# An empty one takes it away again.
git config -f config --add "http.$URL.extraHeader" ''
kelpie 1 install -p roles -f --no-cache
expect err '^one: FAILED: '
