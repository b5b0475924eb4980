#!/bin/sh
# A run that could not begin does not say that there was nothing to do.
. "$(dirname "$0")/lib.sh"
make_role one v1
mkdir -p roles/.kelpie
chmod 777 roles/.kelpie
kelpie 2 install -p roles "git+file://$REPOS/one.git,v1"
expect err 'kelpie. can be written by others'
expect_no out 'nothing to do'
[ ! -e roles/one ] || fail 'installed all the same'
