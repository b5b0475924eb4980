#!/bin/sh
# H149: whichever call fails, of whatever kind, nothing is half there, nothing
# hangs, no success is told that is none, and the next run heals.
#
# CI takes a sample by chance, with $KELPIE_SEED; KELPIE_TORTURE=all makes
# each single call fail once, which takes hours.
# labels: rounds timeout=240
. "$(dirname "$0")/../cmd/lib.sh"
[ -z "$KELPIE_SANITIZE" ] || skip 'a sanitizer has calls of its own'
"$KELPIE_CC" -shared -fPIC -O1 -D_GNU_SOURCE -U_FORTIFY_SOURCE -fno-builtin \
    -o shim.so "$here/shim.c" -ldl 2>shim.err || skip 'no glibc here'

serve
make_role base v1
DEPENDENCIES="[{src: git+$URL/base.git, version: v1}]"
make_role site v1
DEPENDENCIES='[]'
make_role kept v1 v2
make_role tool v1
git -C "$REPOS/tool.git" archive --format=tar.gz --prefix=tool-1/ \
    -o "$T/tool.tar.gz" v1
requirements old.yml <<END
- {src: git+file://@REPOS@/kept.git, version: v1}
END
requirements new.yml <<END
- {src: git+@URL@/site.git, version: v1}
- {src: git+file://@REPOS@/kept.git, version: v2}
- {src: file://$T/tool.tar.gz, name: tool}
END
kelpie 0 install -r old.yml -p before
kelpie 0 install -r new.yml -p after
# Where nothing waits for a disk, if there is such a place.
room=$(mktemp -d /dev/shm/kelpie-torture.XXXXXX 2>/dev/null) || room=$T/tmp
at_exit "rm -rf '$room'"
python3 "$here/torture.py" --shim "$T/shim.so" --kelpie "$KELPIE" \
    --requirements "$T/new.yml" --before "$T/before" --after "$T/after" \
    --tmp "$room" ${KELPIE_SEED:+--seed "$KELPIE_SEED"} \
    $([ "${KELPIE_TORTURE:-}" != all ] || echo --all) "$@"
