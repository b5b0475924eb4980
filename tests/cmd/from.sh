#!/bin/sh
# kelpie install --from: the same roles on another machine, with no network,
# no home and no cache; what is missing, damaged or swapped there is told by
# role, and nothing wrong is ever installed.
. "$(dirname "$0")/lib.sh"

# same_role A B: two roles that were installed.
same_role()
{
	python3 "$KELPIE_TOP/tests/cmd/treelist.py" --role "$1" >"$T/want.tree"
	python3 "$KELPIE_TOP/tests/cmd/treelist.py" --role "$2" >"$T/got.tree"
	diff -u "$T/want.tree" "$T/got.tree" || fail "$2 differs from $1"
}

make_role dep v1
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', name: dep}]" make_role web v1 v2
mkdir -p x-1/meta repos/files
echo '{}' >x-1/meta/main.yml
tar czf repos/files/x.tar.gz x-1
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- {src: @URL@/files/x.tar.gz, name: x}
EOT
kelpie 0 install --lock -p roles
kelpie 0 download
kelpie 0 download -o all.tar
stop "$SERVER"

# Another machine, with the requirements file and its lock file; with the
# requirements file alone; with neither.
mkdir one two three
cp requirements.yml requirements.lock one
cp requirements.yml two
for machine in one two three; do
	for from in kelpie-mirror all.tar; do
		rm -rf "$machine/roles"
		(cd "$machine" && expect_status 0 env -u HOME TMPDIR="$TMPDIR" \
		    "$KELPIE" install --from "$T/$from" -p roles)
		expect out '3 installed'
		for role in web dep x; do
			same_role "roles/$role" "$machine/roles/$role"
		done
		no_litter "$machine/roles"
	done
	(cd "$machine" && "$KELPIE" install --from "$T/all.tar" -p roles) >out
	expect_nothing_to_do 3
done
cmp requirements.lock one/requirements.lock
[ -z "$(ls "$TMPDIR")" ] || fail "left in TMPDIR: $(ls "$TMPDIR")"

# No socket of the network is even made.
if [ -z "$KELPIE_SANITIZE" ] && strace -o /dev/null true 2>/dev/null; then
	expect_status 0 strace -f -e trace=network -o trace "$KELPIE" install \
	    --from all.tar -p traced
	expect_no trace 'AF_INET|connect\('
fi
if unshare -rn true 2>/dev/null; then
	expect_status 0 unshare -rn "$KELPIE" install --from kelpie-mirror -p alone
	version_is alone web v1
fi

# What the requirements file asks for must be what the lock file has.
sed 's/v1/v2/' requirements.yml >two/requirements.yml
(cd two && kelpie 1 install --from "$T/all.tar" -p other)
expect err 'not what the requirements file asks for'
[ ! -e two/other ] || fail 'something was installed'

# Each file in turn: gone, empty, cut off, another one, with a bit changed.
web=$(commit_of web v1).pack
dep=$(commit_of dep main).pack
x=$(sha256sum repos/files/x.tar.gz | cut -d' ' -f1).archive
harm()
{
	file=bad/$1
	case $2 in
	missing) rm "$file" ;;
	empty) : >"$file" ;;
	cut) truncate -s -30 "$file" ;;
	swapped) cp "kelpie-mirror/$3" "$file" ;;
	changed) printf X | dd of="$file" bs=1 seek=100 conv=notrunc 2>/dev/null ;;
	link) mkdir -p aside && mv "$file" aside && ln -s "$T/aside/$1" "$file" ;;
	pipe) rm "$file" && mkfifo "$file" ;;
	esac
}
for how in missing empty cut swapped changed link pipe; do
	rm -rf bad got aside
	cp -r kelpie-mirror bad
	harm "$web" "$how" "$dep"
	harm "$x" "$how" "$web"
	kelpie 1 install --from bad -p got -r requirements.yml
	expect err "^web: FAILED: .*'$web' in|^web: FAILED: .*no '$web'" \
	    "^x: FAILED: .*'$x' in|^x: FAILED: .*no '$x'"
	[ ! -e got/web ] && [ ! -e got/x ] || fail "$how was installed"
	# It comes from the lock file, whatever became of who needs it.
	[ ! -e got/dep ] || same_role roles/dep got/dep
	no_litter got
done
for how in missing cut changed; do
	for file in index requirements.lock; do
		rm -rf bad
		cp -r kelpie-mirror bad
		harm "$file" "$how"
		(cd three && kelpie 1 install --from "$T/bad" -p got)
		[ ! -e three/got ] || fail "$file $how: something was installed"
	done
done
# A role that is whole is installed beside one that is not.
rm -rf bad got
cp -r kelpie-mirror bad
harm "$x" cut
kelpie 1 install --from bad -p got -r requirements.yml
same_role roles/web got/web
same_role roles/dep got/dep

# What is none at all.
kelpie 1 install --from nowhere -p got
expect err "open 'nowhere': No such file"
kelpie 1 install --from requirements.yml -p got
expect err 'requirements.yml: this is no tar as kelpie download writes it'
gzip -c all.tar >all.tar.gz
kelpie 1 install --from all.tar.gz -p got
expect err 'all.tar.gz: this is no tar .*; a compressed one has to be uncompressed first'
kelpie 1 install --from /dev/null -p got
kelpie 2 install --from all.tar -p got --lock
kelpie 2 install --from all.tar -p got web
kelpie 0 install --from all.tar -p some -r requirements.yml x
[ ! -e some/web ] || fail 'web was not asked for'
