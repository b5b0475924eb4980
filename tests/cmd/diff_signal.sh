#!/bin/sh
# Ctrl-C in the midst of kelpie diff, while it fetches and while it compares,
# and of kelpie verify and lock: nothing is left behind.
. "$(dirname "$0")/lib.sh"
need python3
make_role one v1
# Lines that take seconds to compare.
lines()
{
	python3 -c '
import random, sys
random.seed(int(sys.argv[1]))
print("\n".join(random.choice("abcdefgh") for i in range(520000)))' "$1"
}
git clone -q "$REPOS/one.git" work 2>/dev/null
lines 1 >work/files/lines
for i in 1 2 3 4 5 6 7 8; do
	cp work/files/lines "work/files/lines$i"
done
git -C work add files
git -C work commit -qm lines
git -C work push -q origin HEAD:refs/tags/v2
serve
requirements <<-'EOT'
	- {src: @URL@/one.git, version: v2}
EOT
kelpie 0 install -v -p roles
level=$(sed -n 's/^workers are confined by: //p' err)

in_place()
{
	[ -e "$(echo tmp/kelpie-tmp-*)/one/files/lines" ]
}
# The process that compares, in our own directory, where no worker is.
confined()
{
	for child in $(children "$kelpie_pid"); do
		[ "$(readlink "/proc/$child/cwd")" != "$T" ] ||
		    ! grep -q '^Seccomp:.2' "/proc/$child/status" || return 0
	done
	return 1
}
lines 2 >roles/one/files/lines
for i in 1 2 3 4 5 6 7 8; do
	cp roles/one/files/lines "roles/one/files/lines$i"
done
for signal in INT TERM; do
	start_kelpie diff -p roles one
	wait_for 'the other tree' in_place
	case $level in
	*seccomp*) wait_for 'a confined process' confined ;;
	esac
	start=$(date +%s)
	kill -$signal "$kelpie_pid"
	ended_killed "$([ $signal = INT ] && echo Interrupt || echo Terminated)"
	[ $(($(date +%s) - start)) -lt 10 ] || fail 'it went on comparing'
	[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
	expect_out </dev/null
done

# While the server does not answer: a worker is at it.
stop "$SERVER"
serve --port "$PORT" --mode stall
rm -rf home/.cache
asked()
{
	[ "$(requests)" -gt 0 ]
}
for command in 'diff -p roles one' 'diff -p roles one v1' 'lock'; do
	: >"$LOG"
	# shellcheck disable=SC2086 # words
	start_kelpie $command
	wait_for 'a request' asked
	kill -INT "$kelpie_pid"
	ended_killed Interrupt
	[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
done
