#!/bin/sh
# All that a lock file names in one directory: packs and archives under what
# they are, what is there already stays, and kelpie install --from needs
# neither network, nor home, nor cache.
. "$(dirname "$0")/lib.sh"
make_role dep v1
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', name: dep}]" make_role web v1 v2
make_role here v1
mkdir -p x-1/meta repos/files plain/meta
echo '{}' >x-1/meta/main.yml
echo '{}' >plain/meta/main.yml
tar czf repos/files/x.tar.gz x-1
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- {src: @URL@/files/x.tar.gz, name: x}
	- {src: "git+file://@REPOS@/here.git", name: here, version: v1}
EOT

# There must be a lock file, and it must be for this file.
kelpie 1 download
expect err "no 'requirements.lock', which kelpie download needs"
kelpie 0 lock
sed 's/version: v1/version: v2/' requirements.yml >other.yml
cp requirements.lock other.lock
kelpie 1 download -r other.yml
expect err 'not what the requirements file asks for'
[ ! -e kelpie-mirror ] || fail 'something was made'

# What the cache has costs no request.
: >"$LOG"
kelpie 0 download
[ "$(requests)" -eq 0 ] || fail "$(cat "$LOG")"
expect out 'web: downloaded v1' 'kelpie-mirror: 4 roles, 6 files'
for pack in "$(commit_of web v1).pack" "$(commit_of dep main).pack" \
    "$(commit_of here v1).pack" \
    "$(sha256sum repos/files/x.tar.gz | cut -d' ' -f1).archive"; do
	[ -s "kelpie-mirror/$pack" ] || fail "no $pack: $(ls kelpie-mirror)"
done
cmp requirements.lock kelpie-mirror/requirements.lock
sed 1d kelpie-mirror/index | while read -r sum size name; do
	echo "$sum  kelpie-mirror/$name" | sha256sum -c --quiet ||
	    fail "$name is another"
	[ "$(stat -c %s "kelpie-mirror/$name")" = "$size" ] || fail "$name: size"
done
[ "$(sed 1d kelpie-mirror/index | wc -l)" -eq 5 ] || fail 'not all of it'

# Without a cache packs come all the same; the same input, the same bytes.
kelpie 0 download --no-cache -d second
[ "$(requests)" -eq 3 ] || fail "$(cat "$LOG")"
diff -r kelpie-mirror second

# Only what is missing or damaged is made again, and nothing else touched.
touch -d @1000000000 kelpie-mirror/*
echo damage >"kelpie-mirror/$(commit_of web v1).pack"
rm "kelpie-mirror/$(commit_of dep main).pack"
echo mine >kelpie-mirror/mine
cp "kelpie-mirror/$(commit_of here v1).pack" "kelpie-mirror/$(printf %040d 1).pack"
echo litter >kelpie-mirror/.tmp-1-1
kelpie 0 download
expect out '2 downloaded' '1 pack of other lock files stays'
[ ! -e kelpie-mirror/.tmp-1-1 ] || fail 'litter is left'
find kelpie-mirror -newermt @1000000001 -name '*.archive' -o \
    -newermt @1000000001 -name index | grep . && fail 'written anew'
kelpie 0 download --prune
expect out '1 pack of other lock files removed'
[ -e kelpie-mirror/mine ] || fail 'a file of the user is gone'
rm kelpie-mirror/mine
diff -r kelpie-mirror second

# A run that ended before the index was written is completed.
mkdir cut
cp "kelpie-mirror/$(commit_of web v1).pack" cut
kelpie 1 install --from cut -p roles
expect err "cut: there is no 'index': .*not finished"
kelpie 0 download -d cut
diff -r cut second
sed -i 's/^  asked: v1/  asked: v2/' cut/requirements.lock
kelpie 1 install --from cut -p roles
expect err "'requirements.lock' is not what its index says"

# A tar.
kelpie 0 download -o all.tar
kelpie 0 download -o again.tar --no-cache
cmp all.tar again.tar
mkdir out.tar
tar xf all.tar -C out.tar
diff -r out.tar second

# Options that do not go together.
kelpie 2 download -o a.tar -d dir
kelpie 2 download name
kelpie 1 download -d missing/dir
[ -z "$(ls "$TMPDIR")" ] || fail "left in TMPDIR: $(ls "$TMPDIR")"

# A file of somebody else's that has a name of ours stays.
for file in index requirements.lock; do
	rm -rf mine
	mkdir mine
	echo mine >mine/$file
	kelpie 1 download -d mine
	expect err "the file '$file' in 'mine' is not of kelpie download"
	[ "$(cat mine/*)" = mine ] || fail 'it was replaced, or more written'
done
