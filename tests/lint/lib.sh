# shellcheck shell=sh
# lib.sh - what the lint tests share.  Sourced first by each of them.
set -eu
: "${KELPIE_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${KELPIE_BUILD:=$KELPIE_TOP/build/dev}"
: "${KELPIE:=$KELPIE_BUILD/kelpie}"
: "${KELPIE_CC:=cc}"
export LC_ALL=C
cd "$KELPIE_TOP"

need()
{
	for program; do
		command -v "$program" >/dev/null || {
			echo "1..0 # SKIP no $program here"
			exit 77
		}
	done
}

# The project's own files that match one of the patterns (all without one);
# from git where there is a repository, else whatever lies here.
files()
{
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		find . -name build -prune -o -type f -print | sed 's|^\./||' |
		    grep -E "$(pattern "$@")"
	fi | sort | while read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

# Globs as one regular expression.
pattern()
{
	[ $# -gt 0 ] || echo .
	for glob; do
		printf '%s' "$glob" | sed 's/[.]/\\./g; s/[*]/.*/g; s/$/$|/'
	done | sed 's/|$//'
}
