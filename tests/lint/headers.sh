#!/bin/sh
# Every header compiles alone, and twice in a row.  What libgit2 declares
# elsewhere in later versions comes by way of git/compat.h.
. "$(dirname "$0")/lib.sh"
need "$KELPIE_CC" pkg-config
# shellcheck disable=SC2046 # a list of words
set -- $(pkg-config --cflags libgit2 libcurl yaml-0.1 libbsd libmd)
bad=0
for header in $(files 'include/*.h' 'src/*.h' 'tests/*.h'); do
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
	    "$KELPIE_CC" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror \
	    -Wno-unused-variable -Wno-unused-function -I. -Iinclude -Isrc -Itests "$@" \
	    -fsyntax-only -x c - || { echo "$header does not compile alone"; bad=1; }
done
for source in $(files 'src/*.c'); do
	grep -q 'git_error_\(clear\|set_str\)(' "$source" || continue
	grep -q '^#include "git/compat.h"' "$source" ||
	    { echo "$source does not include git/compat.h"; bad=1; }
done
exit $bad
