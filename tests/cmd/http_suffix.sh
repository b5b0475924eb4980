#!/bin/sh
# A server that wants the path with .git, or without: either is found.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
kelpie 0 install --no-cache -p a "git+$URL/one,v1"
version_is a one v1
serve --mode suffix
kelpie 0 install --no-cache -p b "git+$URL/one.git,v1"
version_is b one v1
kelpie 1 install -p c "git+$URL/two.git,v1"
expect err '^two: FAILED: .*not found, or private and no credentials'
