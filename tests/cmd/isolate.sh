#!/bin/sh
# --isolate gives every role a process of its own.
. "$(dirname "$0")/lib.sh"
for n in 1 2 3 4; do
	make_role role$n v1
done
serve
for n in 1 2 3 4 5; do
	echo "- {src: git+$URL/role$n.git, version: v1}"
done >r.yml
kelpie 1 install -r r.yml -p roles --isolate -j 2
expect out '4 installed' '1 failed'
for n in 1 2 3 4; do
	version_is roles role$n v1
done
no_litter roles
