#!/bin/sh
# Every hostile tree is refused with its role left out, the others are
# installed, and nothing outside is touched.
# labels: core timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
make_role good v1
refused=$(python3 "$here/trees.py" repos refused)
either=$(python3 "$here/trees.py" repos either)
taken=$(python3 "$here/trees.py" repos taken)
broken=$(python3 "$here/trees.py" repos unservable)
look()
{
	find a home tmp \( -type f -printf '%p %i %m %U %s %T@\n' \) -o \
	    -printf '%p %i %m %U %y %l\n' | sort
}
mkdir -p a/outside
export XDG_CACHE_HOME="$T/cache"
echo canary >a/outside/config
serve
for base in "git+$URL" "git+file://$REPOS"; do
	for role in $refused $either $taken $broken good; do
		echo "- {src: '$base/$role.git'}"
	done >r.yml
	rm -rf a/roles
	look >before
	kelpie 1 install -r r.yml -p a/roles -j 4
	mv a/roles roles
	look >after
	diff -u before after || fail 'something outside was touched'
	mv roles a/roles
	for role in $refused $broken; do
		grep -q "^$role: FAILED: ." err || fail "$role was not refused"
		[ ! -e "a/roles/$role" ] || fail "$role is there"
	done
	for role in $taken good; do
		[ -f "a/roles/$role/meta/main.yml" ] || fail "$role is missing"
	done
	expect_plain out err
	no_litter a/roles
	bad=$(find a/roles -perm /7022 ! -type l -print)
	[ -z "$bad" ] || fail "modes: $bad"
	bad=$(find a/roles ! -type f ! -type d ! -type l -print)
	[ -z "$bad" ] || fail "types: $bad"
	bad=$(find a/roles -type l -lname '/*' -print)
	[ -z "$bad" ] || fail "links: $bad"
	[ -d a/roles/H047-submodule/sub ] || fail 'no directory for the submodule'
	[ "$(readlink a/roles/H053-inside/link)" = tasks/main.yml ] || fail link
	[ ! -e /tmp/kelpie-escape ] || fail 'it escaped'
done
