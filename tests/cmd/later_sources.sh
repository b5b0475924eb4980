#!/bin/sh
# What is not fetched yet gets a clear word, and the others still install.
. "$(dirname "$0")/lib.sh"
make_role one v1
for src in http://example.invalid/x.tar.gz https://example.invalid/x \
    file:///nowhere/x.tar.gz /nowhere owner.role; do
	printf -- "- {src: '%s', name: x}\n- {src: 'git+file://%s/one.git', version: v1}\n" \
	    "$src" "$REPOS" >r.yml
	rm -rf roles
	got=0
	timeout 20 "$KELPIE" install -r r.yml -p roles >out 2>err || got=$?
	[ "$got" -eq 1 ] || fail "status $got for $src"
	expect err '(not|later|yet|only)'
done
