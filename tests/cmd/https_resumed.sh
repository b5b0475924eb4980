#!/bin/sh
# A server that ends its connections gets its old TLS sessions back, which
# saves it and us the certificates.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good
serve --cert "$T/good-host.pem" --key "$T/good-host.key" --no-keep-alive
kelpie 0 install -p roles --ca-file good.pem "git+$URL/one.git,v1"
version_is roles one v1
expect "$LOG" ' ls-refs 1$' ' fetch 2 resumed$'
