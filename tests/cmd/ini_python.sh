#!/bin/sh
# What kelpie finds in an ansible.cfg is what Python's configparser finds.
# labels: rounds timeout=600
. "$(dirname "$0")/lib.sh"
need python3
mkdir files
python3 "$KELPIE_TOP/tests/fuzz/ini_peer.py" "$KELPIE_BUILD/tests/ini_fuzz" \
    "$T/files" $((KELPIE_ROUNDS * 1000)) >out 2>err ||
    fail 'they differ'
expect out ' 0 differ$'
