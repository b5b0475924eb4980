#!/bin/sh
# Sixty roles at several widths: all there, each once.
# labels: timeout=240
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
for n in $(seq 60); do
	echo "- {src: git+$URL/one.git, version: v1, name: role$n}"
done >r.yml
for jobs in 1 7 64; do
	rm -rf roles
	kelpie 0 install -r r.yml -p roles -j $jobs
	expect out '60 installed'
	[ "$(grep -c ': installed' out)" -eq 60 ] || fail 'lines'
	[ "$(find roles/* -prune | wc -l)" -eq 60 ] || fail 'roles'
done
no_litter roles
