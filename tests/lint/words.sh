#!/bin/sh
# No text speaks of one machine's directories, and nothing is left open.
. "$(dirname "$0")/lib.sh"
# Written so that this file does not find itself.
# shellcheck disable=SC2046 # no name of ours has a blank
if grep -nIE -e '/wor[k]/|/roo[t]/|\<(TOD[O]|FIXM[E]|XX[X])\>' $(files) /dev/null; then
	exit 1
fi
# shellcheck disable=SC2046
if grep -nIE -e '[[:space:]]+$' $(files '*.c' '*.h' '*.sh' '*.py' '*.md' '*.txt' '*.yml' '*.1' '*.5') /dev/null |
    grep -v '^tests/fuzz/corpus/'; then
	echo "blanks at the end of a line"
	exit 1
fi
