#!/bin/sh
# One way for each of what catalogue.sh sends every way.
# labels: core
. "$(dirname "$0")/../cmd/lib.sh"
serve
export KELPIE KELPIE_SANITIZE
python3 "$here/catalogue.py" "$T" "$URL" quick >log || {
	cat log
	fail 'the catalogue'
}
cat log
