#!/bin/sh
# H041 to H095: trees, archives and directories of which each has something
# odd.  What has to be refused is refused, by every way, and what is taken is
# made safe; nothing else changes.
# labels: timeout=600
. "$(dirname "$0")/../cmd/lib.sh"
need setpriv
serve
export KELPIE KELPIE_SANITIZE
chmod 755 "$T"
python3 "$here/catalogue.py" "$T" "$URL" >log || {
	cat log
	fail 'the catalogue'
}
cat log
