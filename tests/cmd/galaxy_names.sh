#!/bin/sh
# A name without a server is looked up at galaxy.ansible.com, whose API needs
# not be found first; other words are told apart.
. "$(dirname "$0")/lib.sh"
make_role one v1
# Whatever is asked, and by whom: the way to it ends at this proxy.
serve --proxy-auth me:s3crt
export https_proxy="$URL"
requirements <<EOT
- me.one
- {name: me.two, version: 1.0.0}
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 1 install -p roles
expect err 'me\.one.*the proxy asks' 'me\.two.*the proxy asks'
version_is roles one v1
expect "$LOG" '^CONNECT galaxy\.ansible\.com:443 407'
! grep -v '^CONNECT galaxy\.ansible\.com:443 ' "$LOG" || fail 'somebody else was asked'
kelpie 1 install -p roles common
expect err "'common' is neither an URL, nor a path, nor a Galaxy name"
