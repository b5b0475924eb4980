#!/bin/sh
# Which files git's configuration is read from, in which order, and that
# none is a repository's; a damaged one is a clear error with its line.
. "$(dirname "$0")/lib.sh"
unset GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
export GIT_CONFIG_SYSTEM="$T/system"
for role in system xdg home include env handed; do
	make_role $role v1
done
# knows FILE NAME: "at-NAME:r" is where the role of that name lies.
knows()
{
	git config -f "$1" "url.$REPOS/$2.git.insteadOf" "at-$2:r"
}
mkdir -p home/.config/git xdg/git
knows system system
knows home/.config/git/config xdg
knows home/.gitconfig home
# shellcheck disable=SC2088 # it is git's business
git config -f home/.gitconfig include.path '~/more'
knows home/more include
# takes STATUS NAME...
takes()
{
	want=$1
	shift
	for role; do
		rm -rf roles
		kelpie "$want" install -p roles --no-cache --timeout 1 "at-$role:r,v1,$role"
		[ "$want" -ne 0 ] || version_is roles "$role" v1
	done
}
export GIT_SSH_COMMAND=false
takes 0 system xdg home include
takes 1 env
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="Url.$REPOS/env.git.InsteadOf" \
    GIT_CONFIG_VALUE_0=at-env:r
takes 0 env home
export GIT_CONFIG_PARAMETERS="'url.$REPOS/handed.git.insteadof'='at-handed:r' 'url.$REPOS/env.git.insteadof=at-other:r'"
takes 0 handed env
kelpie 0 install -p roles --no-cache at-other:r,v1,env
GIT_CONFIG_PARAMETERS="'half" kelpie 1 install -p roles at-home:r,v1,home
expect err 'GIT_CONFIG_PARAMETERS is damaged'
GIT_CONFIG_COUNT=2 kelpie 1 install -p roles at-home:r,v1,home
expect err 'GIT_CONFIG_COUNT'
unset GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS

GIT_CONFIG_NOSYSTEM=1 takes 1 system
GIT_CONFIG_NOSYSTEM=false takes 0 system
XDG_CONFIG_HOME=$T/xdg takes 1 xdg
knows other xdg
export GIT_CONFIG_GLOBAL="$T/other"
takes 0 xdg system
takes 1 home include
unset GIT_CONFIG_GLOBAL

# Not the configuration of the repository around us.
git init -q .
knows .git/config env
takes 1 env
rm -rf .git

printf '[url "x"]\n\tinsteadOf = y\n[bro ken\n' >home/.gitconfig
kelpie 1 install -p roles2 "git+$REPOS/home.git,v1"
expect err "git's configuration: .*home/.gitconfig.*3"
[ ! -e roles2/home ] || fail 'something was done'
