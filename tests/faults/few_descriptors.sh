#!/bin/sh
# With few descriptors there are fewer workers; with too few a clear word.
. "$(dirname "$0")/../cmd/lib.sh"
need prlimit
for n in 1 2 3 4 5 6; do
	make_role "r$n" v1
	echo "- git+file://$REPOS/r$n.git,v1"
done >r.yml
expect_status 0 prlimit --nofile=50:50 "$KELPIE" install -j 200 -r r.yml -p roles
expect out '^6 installed'
expect_status 1 prlimit --nofile=12:12 "$KELPIE" install -r r.yml -p more
expect err 'only 12 descriptors may be open'
expect_no out 'installed'
