#!/bin/sh
# No HOME, the C locale, few descriptors: it works, or says what is wrong.
. "$(dirname "$0")/lib.sh"
make_role one v1
spec="git+file://$REPOS/one.git,v1"
LC_ALL=C kelpie 0 install -p a "$spec"
expect_status 0 env -u HOME "$KELPIE" install -p b "$spec"
[ -n "$KELPIE_SANITIZE" ] ||
    expect_status 0 sh -c "ulimit -n 40 && exec '$KELPIE' install -p c '$spec'"
expect_status 0 env -i "$KELPIE" install -p d "$spec"
umask 077
kelpie 0 install -p e "$spec"
[ "$(stat -c %a e/one/tasks/main.yml)" = 600 ] || fail 'the umask was not heeded'
umask 000
kelpie 0 install -p f "$spec"
[ "$(stat -c %a f/one/tasks/main.yml)" = 644 ] || fail 'writable by all'
