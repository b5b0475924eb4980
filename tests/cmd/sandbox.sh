#!/bin/sh
# --sandbox, KELPIE_SANDBOX and [kelpie] sandbox: what holds is told, what is
# required and cannot be had is refused before anything is fetched (H146).
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
word='workers are confined by: '

# off: nothing confines, the rest is as ever.
kelpie 0 install -v -p off --sandbox=off
expect err "^${word}none$"
version_is off one v1

# The words, in each place and order.
kelpie 2 install -p no --sandbox=on
expect err "^kelpie: --sandbox 'on' is neither auto, require nor off$"
KELPIE_SANDBOX=yes kelpie 1 install -p no
expect err "^kelpie: KELPIE_SANDBOX 'yes' is neither auto, require nor off$"
printf '[kelpie]\nsandbox = never\n' >ansible.cfg
kelpie 1 install -p no
expect err "/ansible.cfg:2: sandbox 'never' is neither auto, require nor off$"
printf '[kelpie]\nsandbox = off\n' >ansible.cfg
kelpie 0 install -v -p config
expect err "^${word}none$"
KELPIE_SANDBOX=require kelpie 0 install -v -p config --sandbox auto
[ ! -e no ] || fail 'something was begun'
rm ansible.cfg

# The other verbs that read what strangers wrote.
KELPIE_SANDBOX=off kelpie 0 info -p off one
kelpie 0 info -p off --sandbox=off one
kelpie 0 list -p off --sandbox=off
kelpie 0 prune -p off --sandbox=off --yes
kelpie 0 verify -p off --sandbox=off
kelpie 0 diff -p off --sandbox=off one
kelpie 2 diff -p off --sandbox=maybe one
kelpie 2 info -p off --sandbox=maybe one
kelpie 2 remove -p off --sandbox=off one
expect err "option '--sandbox=off' is not known here"

kelpie 0 install -v -p auto
level=$(sed -n "s/^$word//p" err)
[ -n "$level" ] || fail 'the level is not told'
echo "level: $level"
case $level in
landlock\ [1-9]*,\ seccomp)
	kelpie 0 install -v -p require --sandbox=require
	expect err "^$word$level$"
	kelpie 0 diff -p require --sandbox=require one
	;;
*)
	kelpie 2 install -p require --sandbox=require
	expect err '^kelpie: --sandbox=require: .* here there is '
	[ ! -e require ] || fail 'something was begun'
	;;
esac

# Nobody special has as much.
[ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || exit 0
mkdir -m 777 "$T/nobody"
chmod 755 "$T"
as_nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
$as_nobody test -x "$KELPIE" || exit 0
# shellcheck disable=SC2086 # words
expect_status 0 env HOME="$T/nobody" $as_nobody "$KELPIE" install -v \
    -p "$T/nobody/roles"
expect err "^$word$level$"
