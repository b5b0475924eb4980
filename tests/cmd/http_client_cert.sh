#!/bin/sh
# http.sslCert and http.sslKey say who we are; a key that wants a passphrase
# is a clear error, and nobody is asked.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca good
serve --cert "$T/good-host.pem" --key "$T/good-host.key" \
    --client-ca "$T/good.pem"
source="git+$URL/one.git,v1"
kelpie 1 install -p roles --ca-file good.pem "$source"
expect err '^one: FAILED: '
config()
{
	git config -f "$T/home/.gitconfig" "$@"
}
unset GIT_CONFIG_GLOBAL
config "http.$URL.sslCert" "$T/good-host.pem"
config "http.$URL.sslKey" "$T/good-host.key"
kelpie 0 install -p roles --ca-file good.pem "$source"
version_is roles one v1

openssl ec -in good-host.key -aes128 -passout pass:s3cr3tword -out locked.key \
    2>/dev/null
config "http.$URL.sslKey" "$T/locked.key"
rm -rf roles
kelpie 1 install --no-cache -p roles --timeout 5 --ca-file good.pem "$source"
expect err '^one: FAILED: .*(key|cert)'
