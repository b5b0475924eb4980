#!/bin/sh
# An empty list of roles is nothing to do.
. "$(dirname "$0")/lib.sh"
for text in '[]' 'roles: []' 'roles:' 'collections: [a.b]'; do
	printf '%s\n' "$text" >r.yml
	kelpie 0 install -r r.yml -p roles
	[ ! -e roles ] || fail 'a directory for nothing'
done
