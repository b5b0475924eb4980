# shellcheck shell=sh
# name_lib.sh - called by the name ansible-galaxy.  Sourced behind lib.sh.

# kelpie has that name in $T/bin, and stands before all others on PATH.
mkdir "$T/bin"
ln -s "$KELPIE" "$T/bin/ansible-galaxy"
PATH=$T/bin:$PATH

# galaxy STATUS ARGUMENT...
galaxy()
{
	want=$1
	shift
	expect_status "$want" ansible-galaxy "$@"
}

# No other ansible-galaxy is on PATH, but all else that is.
alone()
{
	mkdir "$T/few"
	for dir in $(printf %s "$PATH" | tr : ' '); do
		ln -s "$dir"/* "$T/few" 2>/dev/null || :
	done
	rm "$T/few/ansible-galaxy"
	PATH=$T/bin:$T/few
}

# next_one [DIRECTORY [STATUS]]: another ansible-galaxy, behind kelpie on
# PATH, that writes what it is called with to $T/called.
next_one()
{
	dir=${1:-$T/next}
	mkdir -p "$dir"
	cat >"$dir/ansible-galaxy" <<-END
		#!/bin/sh
		for word; do
			printf '[%s]' "\$word"
		done >>'$T/called'
		echo >>'$T/called'
		exit ${2:-0}
	END
	chmod 755 "$dir/ansible-galaxy"
}

# called_with LINE...: that is what it was called with, and forget it.
called_with()
{
	printf '%s\n' "$@" | expect_out called
	rm "$T/called"
}
