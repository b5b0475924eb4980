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

# H147: a home that is a relative path, is not there, or is another's; a user
# whom no passwd entry knows.
umask 022
HOME=home kelpie 0 install -p g "$spec"
HOME=$T/absent/home kelpie 0 install -p h "$spec"
[ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || exit 0
as="setpriv --reuid 54321 --regid 54321 --clear-groups"
chmod 755 "$T"
$as test -x "$KELPIE" || exit 0
mkdir -m 777 anybody
mkdir mine
chown 54321:54321 mine
# shellcheck disable=SC2086 # words
expect_status 0 env HOME="$T/home" $as "$KELPIE" install -p anybody/i "$spec"
[ -z "$(find home -user 54321)" ] || fail 'something was put into the home'
# shellcheck disable=SC2086
expect_status 0 env -u HOME $as "$KELPIE" install -p anybody/j "$spec"
HOME=$T/mine kelpie 0 install -p k "$spec"
version_is k one v1
