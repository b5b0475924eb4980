#!/bin/sh
# A .kelpie that is not ours alone is refused, before anything is fetched.
. "$(dirname "$0")/lib.sh"
make_role one v1
mkdir -p elsewhere roles
ln -s ../elsewhere roles/.kelpie
kelpie 2 install -p roles "git+file://$REPOS/one.git,v1"
expect err '\.kelpie'
[ -z "$(ls -A elsewhere)" ] || fail 'it followed the link'
rm roles/.kelpie
mkdir -m 777 roles/.kelpie
kelpie 2 install -p roles "git+file://$REPOS/one.git,v1"
rmdir roles/.kelpie
kelpie 0 install -p roles "git+file://$REPOS/one.git,v1"
[ "$(cat roles/.kelpie/.gitignore)" = '*' ] || fail 'no .gitignore'

# Whoever could have written to it: a group, everybody, another user, also
# where the directory is good but holds a link.
good="git+file://$REPOS/one.git,v1"
for mode in 770 777 1777; do
	chmod $mode roles/.kelpie
	kelpie 2 install -f -p roles "$good"
	expect err 'can be written by others'
	kelpie 2 remove -p roles one
	# What is in place is judged without it.
	kelpie 0 install -p roles "$good"
	kelpie 0 list -p roles
done
chmod 700 roles/.kelpie
for name in lock state journal; do
	cp -a roles/.kelpie elsewhere/kept
	rm -f roles/.kelpie/$name
	ln -s "$T/elsewhere/canary" roles/.kelpie/$name
	echo canary >elsewhere/canary
	kelpie 1 install -f -p roles "$good"
	expect err "\.kelpie/$name"
	[ "$(cat elsewhere/canary)" = canary ] || fail "$name: it followed the link"
	rm -rf roles/.kelpie
	mv elsewhere/kept roles/.kelpie
done
version_is roles one v1
[ "$(id -u)" -eq 0 ] || exit 0

chown 65534 roles/.kelpie
kelpie 2 install -f -p roles "$good"
expect err 'belongs to .*\(65534\)'
chown 0 roles/.kelpie

# Root is warned where everybody may replace what it puts there.
for mode in 777 757 775 1777 755; do
	chmod $mode roles
	kelpie 0 install -f -p roles "$good"
	case $mode in
	777 | 757) expect err "warning: everybody may write to '$T/roles'" ;;
	*) expect_no err warning ;;
	esac
done

# Not root: a place that root prepared, and one where only .kelpie is root's.
command -v setpriv >/dev/null || exit 0
chmod 755 "$T"
mkdir -m 777 shared others
chmod 777 home
mkdir -m 700 shared/.kelpie
export HOME="$T/others"
as_nobody()
{
	want=$1
	shift
	expect_status "$want" setpriv --reuid 65534 --regid 65534 --clear-groups \
	    "$KELPIE" "$@"
}
as_nobody 2 install -p shared "$good"
expect err "shared/\.kelpie' belongs to root"
as_nobody 1 install -p roles "$good" "git+file://$REPOS/one.git,v1,two"
expect err "cannot write to '$T/roles': it belongs to root"
# All is in place, and nothing has to be written.
as_nobody 0 install -p roles "$good"
