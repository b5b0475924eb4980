#!/bin/sh
# The manual pages are clean mdoc.
. "$(dirname "$0")/lib.sh"
need mandoc
set -- man/*
[ -e "$1" ] || { echo "no manual"; exit 1; }
said=$(mandoc -T lint -W warning "$@" 2>&1) || :
[ -z "$said" ] || printf '%s\n' "$said"
[ -z "$said" ]
