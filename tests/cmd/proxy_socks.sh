#!/bin/sh
# A SOCKS proxy, which also looks the host up: socks5h.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good nosuch.invalid
serve --cert "$T/good-host.pem" --key "$T/good-host.key"
background python3 "$here/socks5.py" "$T/socks.port" "$T/socks.log"
wait_for "the proxy's port" test -s socks.port
socks=$(cat socks.port)
all_proxy=socks5h://127.0.0.1:$socks kelpie 0 install -p a --no-cache \
    --ca-file good.pem "git+https://nosuch.invalid:$PORT/one.git,v1"
version_is a one v1
expect socks.log "^nosuch.invalid $PORT\$"
[ "$(wc -l <socks.log)" -eq 1 ] || fail 'the connection was not kept'

export GIT_CONFIG_GLOBAL="$T/config"
git config -f config "http.https://nosuch.invalid:$PORT/.proxy" "socks5h://127.0.0.1:$socks"
kelpie 0 install -p b --no-cache --ca-file good.pem \
    "git+https://nosuch.invalid:$PORT/one.git,v1"
[ "$(wc -l <socks.log)" -eq 2 ] || fail 'not through the proxy'
