#!/bin/sh
# http.sslCAInfo and http.sslVerify, for all and for one URL, what the
# environment says instead, and that the option wins over all.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good
make_ca other
serve --cert "$T/good-host.pem" --key "$T/good-host.key"
export GIT_CONFIG_GLOBAL="$T/config"
n=0
# tls STATUS [OPTION...]
tls()
{
	want=$1
	shift
	n=$((n + 1))
	kelpie "$want" install -p "roles$n" --no-cache "$@" "git+$URL/one.git,v1"
	[ "$want" -ne 0 ] || version_is "roles$n" one v1
}
tls 1
cp good.pem home
# shellcheck disable=SC2088 # it is git's business
git config -f config http.sslCAInfo '~/good.pem'
tls 0
git config -f config "http.https://localhost:$PORT/.sslCAInfo" "$T/other.pem"
tls 1
expect err '^one: FAILED: .*certificate'
tls 0 --ca-file good.pem
GIT_SSL_CAINFO=$T/good.pem tls 0
GIT_SSL_CAINFO=$T/good.pem tls 1 --ca-file other.pem
git config -f config "http.https://localhost:$PORT/one.git.sslCAInfo" good.pem
tls 0

git config -f config --unset-all "http.https://localhost:$PORT/one.git.sslCAInfo"
git config -f config "http.https://*:$PORT/.sslVerify" false
tls 0
git config -f config "http.https://localhost:$PORT.sslVerify" true
tls 1
GIT_SSL_NO_VERIFY=1 tls 0
