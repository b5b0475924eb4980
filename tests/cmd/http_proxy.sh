#!/bin/sh
# A proxy from the environment: for http and, through a tunnel, for https;
# one that wants a password; hosts that it is not for.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good nosuch.invalid
serve --cert "$T/good-host.pem" --key "$T/good-host.key"
tls_port=$PORT
serve
export http_proxy="$URL" https_proxy="$URL"
kelpie 0 install --no-cache -p a "git+http://nosuch.invalid/one.git,v1"
version_is a one v1
kelpie 0 install --no-cache -p b --ca-file good.pem \
    "git+https://nosuch.invalid:$tls_port/one.git,v1"
version_is b one v1
expect "$LOG" "^CONNECT nosuch.invalid:$tls_port 200"

no_proxy=127.0.0.1,.invalid kelpie 1 install -p c \
    "git+http://nosuch.invalid/one.git,v1"
expect err '^one: FAILED: .*resolve'

serve --proxy-auth me:s3cr3tword
for scheme in http https; do
	source="git+$scheme://nosuch.invalid:$tls_port/one.git,v1"
	http_proxy="$URL" https_proxy="$URL" \
	    kelpie 1 install -p d --ca-file good.pem "$source"
	expect err '^one: FAILED: .*the proxy asks for a user and password'
	rm -rf e
	http_proxy="http://me:s3cr3tword@127.0.0.1:$PORT" \
	    https_proxy="http://me:s3cr3tword@127.0.0.1:$PORT" \
	    kelpie 0 install --no-cache -p e --ca-file good.pem "$source"
	version_is e one v1
	expect_no err s3cr3tword
done

http_proxy="ftp://me:s3cr3tword@127.0.0.1:$PORT" \
    kelpie 1 install -p f "git+http://nosuch.invalid/one.git,v1"
expect err "^one: FAILED: .*scheme 'ftp'"
expect_no err s3cr3tword
