#!/bin/sh
# H149: whichever call fails, of whatever kind, nothing is half there, nothing
# hangs, no success is told that is none, and the next run heals.
#
# CI takes a sample by chance, with $KELPIE_SEED; KELPIE_TORTURE=all makes
# each single call fail once, which takes hours.
# labels: rounds timeout=900
. "$(dirname "$0")/../cmd/lib.sh"
[ -z "$KELPIE_SANITIZE" ] || skip 'a sanitizer has calls of its own'
"$KELPIE_CC" -shared -fPIC -O1 -D_GNU_SOURCE -U_FORTIFY_SOURCE -fno-builtin \
    -o shim.so "$here/shim.c" -ldl 2>shim.err || skip 'no glibc here'
. "$here/world_lib.sh"
calls=200
[ "$KELPIE_ROUNDS" -lt 20 ] || calls=$((KELPIE_ROUNDS * 20))
# shellcheck disable=SC2046 # no word or one
rounds torture.py --shim "$T/shim.so" --n "$calls" \
    ${KELPIE_SEED:+--seed "$KELPIE_SEED"} \
    $([ "${KELPIE_TORTURE:-}" != all ] || echo --all) "$@"
# The first child reads git's configuration; with one worker less, or two, the
# others take the work.
rounds torture.py --shim "$T/shim.so" --width 8 --harmless \
    --fault fork:3:EAGAIN --fault fork:4:EAGAIN --fault fork:3:ENOMEM
