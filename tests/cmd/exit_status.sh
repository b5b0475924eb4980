#!/bin/sh
# 2 for the command line, 1 for files and roles, 0 for help.
# labels: core
. "$(dirname "$0")/lib.sh"
kelpie 0 --help
expect out 'kelpie install' '--version'
[ ! -s err ] || fail 'help belongs on standard output'
kelpie 0 install --help
expect out '--dry-run' '--ca-file' '--max-files'
kelpie 0 --version
expect out '^kelpie [0-9]+\.[0-9]+\.[0-9]+'
kelpie 2
kelpie 2 nosuch
expect err nosuch
kelpie 2 --nosuch
kelpie 2 install --nosuch
kelpie 2 install -j
kelpie 2 install -j 0
kelpie 2 install -j x
kelpie 2 install -j -1
kelpie 2 install --timeout x
kelpie 2 install --max-files 12x
kelpie 2 install -p ''
kelpie 1 install -r nosuch.yml
expect err 'nosuch\.yml'
[ ! -e home/.ansible ] || fail 'something was made'
