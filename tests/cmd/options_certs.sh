#!/bin/sh
# -c, or ignore_certs in ansible.cfg: any certificate will do.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_ca own
serve --cert "$T/own-host.pem" --key "$T/own-host.key"
spec="git+$URL/one.git,v1"
kelpie 1 install -p a "$spec"
expect err 'certificate'
kelpie 0 install -c -p a "$spec"
version_is a one v1
kelpie 0 role install --ignore-certs -p b "$spec"
ANSIBLE_GALAXY_IGNORE=yes kelpie 0 install -p c "$spec"
printf '[galaxy]\nignore_certs = yes\n' >ansible.cfg
kelpie 0 install -p d "$spec"
version_is d one v1
