#!/bin/sh
# A configuration that git would not take is said with its file and line, and
# nothing is said to be done.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
printf '[http\n' >"$HOME/.gitconfig"
unset GIT_CONFIG_GLOBAL
kelpie 1 install -p roles "git+$URL/one.git,v1"
expect err "git's configuration: .*gitconfig"
[ ! -s out ] || fail 'something was said to be done'
[ "$(requests)" -eq 0 ] || fail 'a server was asked'
rm "$HOME/.gitconfig"
kelpie 0 install -p roles "git+$URL/one.git,v1"
version_is roles one v1
