#!/bin/sh
# Every script is clean, and can be started.
. "$(dirname "$0")/lib.sh"
need shellcheck
bad=0
files "$@" | while read -r file; do
	case $(head -n 1 "$file" | tr -d '\0') in
	'#!/bin/sh'*) echo "sh $file" ;;
	'#!/usr/bin/env bash'*) echo "bash $file" ;;
	'# shellcheck shell=sh'*) echo "sh $file" ;;
	'#!'*) echo "- $file" ;;
	*) case $file in *.sh) echo "none $file" ;; esac ;;
	esac
done >"${TMPDIR:-/tmp}/scripts.$$"
trap 'rm -f "${TMPDIR:-/tmp}/scripts.$$"' EXIT
while read -r shell file; do
	case $file in
	*/lib.sh | tests/packages.sh) ;;
	*) [ -x "$file" ] || { echo "$file is not executable"; bad=1; } ;;
	esac
	[ "$shell" != none ] || { echo "$file: for which shell?"; bad=1; }
done <"${TMPDIR:-/tmp}/scripts.$$"
# Not following what is sourced: reading lib.sh again for every test would
# take most of the time, and set -u finds a name that nobody sets.
for shell in sh bash; do
	sed -n "s/^$shell //p" "${TMPDIR:-/tmp}/scripts.$$" |
	    xargs -r -P 2 -n 12 shellcheck -s $shell -e SC1091,SC2154 || bad=1
done
exit $bad
