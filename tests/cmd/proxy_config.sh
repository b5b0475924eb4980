#!/bin/sh
# http.proxy, for all and for one URL; an empty one means none; the
# configuration wins over the environment, and no_proxy over both.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
direct=$URL
serve
export GIT_CONFIG_GLOBAL="$T/config"
git config -f config http.proxy "127.0.0.1:$PORT"
kelpie 0 install -p a --no-cache "git+http://nosuch.invalid/one.git,v1"
version_is a one v1
expect "$LOG" 'nosuch.invalid'
http_proxy=http://127.0.0.1:1 kelpie 0 install -p b --no-cache \
    "git+http://nosuch.invalid/one.git,v1"
no_proxy=.invalid kelpie 1 install -p c --no-cache \
    "git+http://nosuch.invalid/one.git,v1"
expect err '^one: FAILED: .*resolve'

: >"$LOG"
git config -f config "http.$direct.proxy" ''
http_proxy=http://127.0.0.1:1 kelpie 0 install -p d --no-cache \
    "git+$direct/one.git,v1"
[ ! -s "$LOG" ] || fail 'went through the proxy'
