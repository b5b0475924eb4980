#!/bin/sh
# Workers are forked, and no two of them share the random numbers of TLS (P24).
. "$(dirname "$0")/lib.sh"
background python3 "$(dirname "$0")/hellos.py" "$T/port" 3 >hellos
collector=$pid
wait_for 'the port' test -s port
for name in a b c; do
	echo "- {src: 'git+https://localhost:$(cat port)/$name.git'}"
done >requirements.yml
kelpie 1 install -p roles -j 3 --retries 0
wait "$collector" || fail 'the collector'
[ "$(wc -l <hellos)" -eq 3 ] || fail 'not three workers'
for field in 1 2; do
	[ "$(cut -d' ' -f$field hellos | sort -u | wc -l)" -eq 3 ] ||
	    fail "the same twice: $(cat hellos)"
done
