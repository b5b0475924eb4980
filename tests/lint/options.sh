#!/bin/sh
# Every long option in --help stands in the manual, and the other way round.
. "$(dirname "$0")/lib.sh"
{
	"$KELPIE" --help
	for command in install lock update outdated download verify diff list info remove prune init cache bench run \
	    convert; do
		"$KELPIE" "$command" --help
	done
} | grep -oE -e '--[a-z][a-z-]*' | sort -u >"${TMPDIR:-/tmp}/help.$$"
trap 'rm -f "${TMPDIR:-/tmp}/help.$$"' EXIT
# ansible-galaxy's own options are spoken of with Cm or Ql, not with Fl.
grep -oE -e 'Fl -[a-z][a-z-]*' man/kelpie.1 | sed 's/^Fl /-/' | sort -u |
    diff -u --label --help --label kelpie.1 "${TMPDIR:-/tmp}/help.$$" -
