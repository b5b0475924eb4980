#!/bin/sh
# Killed, stopped and interrupted at any moment, each role is the old one, the
# new one or not there; nothing lives on, and the next run heals.
# labels: rounds slow timeout=900
# Many small runs would wait for the disk most of their time.
[ ! -w /dev/shm ] || TMPDIR=/dev/shm
. "$(dirname "$0")/../cmd/lib.sh"
[ -f /proc/self/task/$$/children ] || [ -f /proc/$$/task/$$/children ] ||
    skip 'no lists of children in /proc here'
[ "$KELPIE_ROUNDS" -ge 60 ] || KELPIE_ROUNDS=60
serve --delay 25
slow=$URL
serve --delay 5
calls=calls
command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null ||
    calls=
# shellcheck disable=SC2086 # the seed of a run that is to be repeated
KELPIE="$KELPIE" python3 "$KELPIE_TOP/tests/faults/kills.py" --url "$URL" \
    --slow "$slow" --repos "$REPOS" --rounds "$KELPIE_ROUNDS" \
    ${KELPIE_SEED:+--seed $KELPIE_SEED} $calls parent workers group \
    term hup keys stop || fail 'see above'
