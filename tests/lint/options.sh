#!/bin/sh
# Every long option in --help stands in the manual, and the other way round;
# those that a command has in a list, in the list of its section.
. "$(dirname "$0")/lib.sh"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/kelpie-options.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
commands='install lock update outdated download verify diff list info remove prune init cache bench run convert'
{
	"$KELPIE" --help
	for command in $commands; do
		"$KELPIE" "$command" --help
	done
} | grep -oE -e '--[a-z][a-z-]*' | sort -u >"$tmp/help"
# ansible-galaxy's own options are spoken of with Cm or Ql, not with Fl.
grep -oE -e 'Fl -[a-z][a-z-]*' man/kelpie.1 | sed 's/^Fl /-/' | sort -u |
    diff -u --label --help --label kelpie.1 "$tmp/help" - || exit 1

# What stands between the margin and two blanks, which the words follow.
for command in $commands; do
	"$KELPIE" "$command" --help | sed -n 's/^ \{2,6\}\(-[^ ].*\)/\1/p' |
	    sed 's/  .*//' | grep -oE -e '--[a-z][a-z-]*' |
	    grep -vx -e --help | sort -u >"$tmp/help"
	sed -n "/^\.Ss kelpie $command\$/,/^\.S[hs] /p" man/kelpie.1 |
	    grep '^\.It ' | grep -oE -e 'Fl -[a-z][a-z-]*' | sed 's/^Fl /-/' |
	    grep -vx -e --help | sort -u |
	    diff -u --label "$command --help" --label kelpie.1 "$tmp/help" - || exit 1
done
