#!/bin/sh
# A name that breaks the rule is refused with its line.
. "$(dirname "$0")/lib.sh"
make_role good v1
long=$(printf '%0201d' 0)
n=0
for name in '".."' '../../x' '/abs/path' '"."' '" "' '.git' '.kelpie' '.ssh' \
    '-rf' '--force' 'a//b' 'a/./b' 'a/../b' 'a/' '/a' "$long" '"a\eb"' '"a\nb"' \
    '"a\tb"' '"a\ab"' '"a\u202eb"' '"a\u200bb"' '"a "' 'a.' '"a\u0085b"'; do
	n=$((n + 1))
	printf -- '- src: git+file://%s/good.git\n  name: %s\n' "$REPOS" "$name" >r.yml
	kelpie 1 install -r r.yml -p roles
	expect err 'r\.yml:[12]:[0-9]+: '
	expect_plain err
	! LC_ALL=C grep -q "$(printf '\342\200[\213\256]')" err || fail "raw: $name"
	[ ! -e roles ] || fail "$name was installed"
done
[ "$n" -eq 25 ] || fail "$n names"
