#!/bin/sh
# https with an authority of its own: --ca-file, SSL_CERT_FILE and
# SSL_CERT_DIR are honoured, and nothing else is trusted.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good
make_ca other
serve --cert "$T/good-host.pem" --key "$T/good-host.key"
spec="git+$URL/one.git,v1"
kelpie 1 install -p roles "$spec"
expect err '^one: FAILED: .*certificate'
[ ! -e roles/one ] || fail 'an unknown authority was believed'
kelpie 1 install -p roles --ca-file other.pem "$spec"
kelpie 0 install -p a --ca-file good.pem "$spec"
version_is a one v1
SSL_CERT_FILE=$T/good.pem kelpie 0 install -p b "$spec"
mkdir certs
cp good.pem certs
openssl rehash certs
SSL_CERT_DIR=$T/certs kelpie 0 install -p c "$spec"
SSL_CERT_FILE=$T/other.pem kelpie 1 install -p d "$spec"
# The option wins over the environment.
SSL_CERT_FILE=$T/other.pem kelpie 0 install -p e --ca-file good.pem "$spec"
kelpie 1 install -p f --ca-file nosuch.pem "$spec"
expect err 'nosuch\.pem'
