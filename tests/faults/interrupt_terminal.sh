#!/bin/sh
# Ctrl-C on a terminal, once and twice: status 130, a clean last line.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
serve --mode stall
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/one.git, version: v1, name: other}
EOT
export TERM=xterm
for keys in '\x03' '\x03\x03'; do
	expect_status 130 python3 "$KELPIE_TOP/tests/cmd/terminal.py" -k 'one' "$keys" "$KELPIE" install -p roles
	[ "$(tail -c 1 out)" = "" ] || fail 'the last line is not ended'
	[ ! -e roles/one ] || fail 'half a role'
	no_litter roles
done
