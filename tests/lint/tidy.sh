#!/bin/sh
# clang-tidy has nothing to say about the sources.
# labels: slow timeout=900
. "$(dirname "$0")/lib.sh"
need clang-tidy
[ -f "$KELPIE_BUILD/compile_commands.json" ] || {
	echo "no compile_commands.json in $KELPIE_BUILD"
	exit 1
}
# The compiler may be gcc, whose warnings clang does not all know.
status=0
said=$(files 'src/*.c' | xargs -P 2 -n 1 clang-tidy --quiet -p "$KELPIE_BUILD" \
    --extra-arg=-Wno-unknown-warning-option 2>&1) || status=$?
printf '%s\n' "$said" |
    grep -vE '^[0-9]+ warnings? generated|^Suppressed |^Use -header-filter|^$' &&
    exit 1
exit $status
