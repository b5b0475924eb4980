#!/bin/sh
# --per-host bounds the connections to one host, not the roles.
. "$(dirname "$0")/lib.sh"
for i in 1 2 3 4 5 6 7 8; do
	make_role "r$i" v1
done
serve
for i in 1 2 3 4 5 6 7 8; do
	printf -- '- {src: git+%s/r%d.git, version: v1}\n' "$URL" "$i"
done >requirements.yml
kelpie 0 install -p roles --per-host 2 --no-cache
[ "$(cut -d' ' -f5 "$LOG" | sort -u | wc -l)" -eq 2 ] || fail "$(cat "$LOG")"
kelpie 0 install -p roles -f --no-cache
[ "$(cut -d' ' -f5 "$LOG" | sort -u | wc -l)" -gt 4 ] || fail "$(cat "$LOG")"
