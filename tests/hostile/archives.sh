#!/bin/sh
# Every archive that is damaged or breaks a rule is refused, with a word that
# says why, and nothing outside of its stage is touched.
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
make_role good v1
mkdir -p a/outside tmp
export XDG_CACHE_HOME="$T/cache"
python3 "$here/archives.py" "$T/odd" refused >list
look()
{
	find a/outside home tmp \( -type f -printf '%p %i %m %U %s %T@\n' \) -o \
	    -printf '%p %i %m %U %y %l\n' | sort
}
echo canary >a/outside/config
while IFS='	' read -r name pattern; do
	echo "- {src: ./odd/$name, name: $name}"
done <list >r.yml
echo "- {src: 'git+file://$REPOS/good.git', version: v1}" >>r.yml
look >before
(cd a && kelpie 1 install -r ../r.yml -p roles -j 2)
look >after
diff -u before after || fail 'something outside was touched'
while IFS='	' read -r name pattern; do
	grep "^$name: FAILED: " err >line || fail "$name was not refused"
	expect line "$pattern"
	expect_no line 'x0a$'
	[ ! -e "a/roles/$name" ] || fail "$name is there"
done <list
[ -f a/roles/good/meta/main.yml ] || fail 'the good one is missing'
expect_plain out err
no_litter a/roles
[ ! -e a/evil ] && [ ! -e a/roles/evil ] && [ ! -e evil ] || fail 'it escaped'

# An old role stays when its archive turns bad.
mkdir b
python3 "$here/archives.py" "$T/good" taken >/dev/null
cp good/T02-gz.zip x.tar.gz
kelpie 0 install -p roles ./x.tar.gz
for name in H091-crc-gz T13-outside T07-no-meta H090-empty; do
	cp "odd/$name" x.tar.gz
	kelpie 1 install -f -p roles ./x.tar.gz
	[ -f roles/x/tasks/main.yml ] || fail "$name took the old role away"
done
no_litter roles
