#!/bin/sh
# Several roles over one connection, or one connection a request: the same.
. "$(dirname "$0")/lib.sh"
for n in 1 2 3 4 5 6; do
	make_role role$n v1
done
for option in '' --no-keep-alive; do
	# shellcheck disable=SC2086 # an option or nothing
	serve $option
	for n in 1 2 3 4 5 6; do
		echo "- {src: git+$URL/role$n.git, version: v1}"
	done >r.yml
	rm -rf roles
	kelpie 0 install -r r.yml -p roles -j 2
	expect out '6 installed'
	for n in 1 2 3 4 5 6; do
		version_is roles role$n v1
	done
	stop "$SERVER"
done
