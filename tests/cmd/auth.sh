#!/bin/sh
# A server that wants a password gets the one in the URL; without one there
# is a clear error.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve --basic shepherd:s3cr3tword
kelpie 1 install -p roles "git+$URL/one.git,v1"
expect err '^one: FAILED: .*(401|password|credentials|authenti|authori)'
kelpie 1 install -p roles "git+http://shepherd:wrongword@127.0.0.1:$PORT/one.git,v1"
expect_no err 'wrongword'
kelpie 0 install -p roles "git+http://shepherd:s3cr3tword@127.0.0.1:$PORT/one.git,v1"
version_is roles one v1
