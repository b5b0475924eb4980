#!/bin/sh
# A host in trouble does not hold up the roles of another, and its other
# roles do not each find out for themselves.
. "$(dirname "$0")/lib.sh"
unset KELPIE_RETRIES
for i in 1 2 3 4 5 6; do
	make_role "bad$i" v1
	make_role "good$i" v1
done
serve
good=$URL
serve --mode status:503
for i in 1 2 3 4 5 6; do
	printf -- '- {src: git+%s/bad%d.git, version: v1}\n' "$URL" "$i"
done >requirements.yml
for i in 1 2 3 4 5 6; do
	printf -- '- {src: git+%s/good%d.git, version: v1}\n' "$good" "$i"
done >>requirements.yml
kelpie 1 install -p roles -j 2
for i in 1 2 3 4 5 6; do
	version_is roles "good$i" v1
	expect err "^bad$i: FAILED: .*503"
done
# Two at a time: three tries of the first two or three, one of the others.
[ "$(requests)" -lt 16 ] || fail "$(requests) requests"
# Warned once for each round, not once for each role.
[ "$(grep -c 'trying again' err)" -le 2 ] || fail "too many warnings"
no_litter roles
