#!/bin/sh
# Good archives and packs with some of their bytes changed: refused, or what
# they were.  KELPIE_SEED picks others; tests/run long takes ten times as many.
# labels: timeout=900
. "$(dirname "$0")/../cmd/lib.sh"
need setpriv
serve
export KELPIE KELPIE_SANITIZE
chmod 755 "$T"
count=400
[ "$KELPIE_ROUNDS" -lt 50 ] || count=$((KELPIE_ROUNDS * 40))
python3 "$here/mutations.py" "$T" "$URL" "$count" ${KELPIE_SEED:+"$KELPIE_SEED"} >log || {
	cat log
	fail 'mutations'
}
cat log
