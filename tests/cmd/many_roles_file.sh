#!/bin/sh
# Thousands of entries are read in no time.
. "$(dirname "$0")/lib.sh"
make_role one v1
for n in $(seq 5000); do
	echo "- {src: git+file://$REPOS/one.git, version: v1, name: role$n}"
done >r.yml
kelpie 0 install -r r.yml -p roles --dry-run
[ "$(grep -c role out)" -ge 5000 ] || fail "$(wc -l <out) lines"
