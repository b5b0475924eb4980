#!/bin/sh
# Keys on a terminal: Ctrl-C once and twice, also with workers that hear
# nothing, Ctrl-\, Ctrl-Z, a closed window: it ends by the signal and soon,
# or goes on; the terminal is as it was, nothing lives on and nothing is left.
. "$(dirname "$0")/../cmd/lib.sh"
[ -f /proc/$$/task/$$/children ] || skip 'no lists of children in /proc here'
make_role one v1
serve --mode stall
stall=$URL
serve --delay 300
KELPIE="$KELPIE" python3 "$KELPIE_TOP/tests/faults/keys.py" --stall "$stall" \
    --slow "$URL" || fail 'see above'
