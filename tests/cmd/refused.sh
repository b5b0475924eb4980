#!/bin/sh
# Nobody listens, no such host: one line each.
. "$(dirname "$0")/lib.sh"
serve
stop "$SERVER"
kelpie 1 install -p roles "git+$URL/one.git,v1" \
    "git+http://nosuch.invalid/two.git,v1"
expect err '^one: FAILED: .*(refused|connect)' '^two: FAILED: .*(resolve|host)'
