#!/bin/sh
# What exceeds a limit is refused, and the message names limit and option.
. "$(dirname "$0")/lib.sh"
make_role one v1
spec="git+file://$REPOS/one.git,v1"
for limit in --max-files=4 --max-bytes=100 --max-file-bytes=60 --max-depth=0; do
	option=${limit%=*}
	if [ "$limit" = --max-depth=0 ]; then
		got=0
		"$KELPIE" install -p roles --max-depth 0 "$spec" >out 2>err || got=$?
		[ "$got" -ne 0 ] || fail 'no depth at all'
		continue
	fi
	kelpie 1 install -p roles "$option" "${limit#*=}" "$spec"
	expect err "^one: FAILED: .*" "$option"
	[ ! -e roles/one ] || fail "$limit was ignored"
done
kelpie 0 install -p roles --max-files 50 --max-bytes 100000 \
    --max-file-bytes 10000 --max-depth 3 "$spec"
no_litter roles
