#!/bin/sh
# A .kelpie that is not ours alone is refused, before anything is fetched.
. "$(dirname "$0")/lib.sh"
make_role one v1
mkdir -p elsewhere roles
ln -s ../elsewhere roles/.kelpie
kelpie 2 install -p roles "git+file://$REPOS/one.git,v1"
expect err '\.kelpie'
[ -z "$(ls -A elsewhere)" ] || fail 'it followed the link'
rm roles/.kelpie
mkdir -m 777 roles/.kelpie
kelpie 2 install -p roles "git+file://$REPOS/one.git,v1"
rmdir roles/.kelpie
kelpie 0 install -p roles "git+file://$REPOS/one.git,v1"
[ "$(cat roles/.kelpie/.gitignore)" = '*' ] || fail 'no .gitignore'
