#!/bin/sh
# A repository on this machine that has lost part of an object, as after a
# crash, or has one that is not as long as it says, fails at once and says
# which object it is; so does one that borrows from such a repository.
. "$(dirname "$0")/../cmd/lib.sh"
make_role whole v1
git init -q --bare "$REPOS/cut.git"
git -C "$REPOS/whole.git" rev-parse v1 | git -C "$REPOS/whole.git" pack-objects \
    --revs --stdout 2>/dev/null | git -C "$REPOS/cut.git" unpack-objects -q
git init -q --bare "$REPOS/borrows.git"
echo ../../cut.git/objects >"$REPOS/borrows.git/objects/info/alternates"
commit=$(commit_of whole v1)
for name in cut borrows; do
	kelpie 0 install -p roles "git+file://$REPOS/$name.git,$commit,$name"
done

refused()
{
	kelpie 1 install -f -p roles --timeout 20 --retries 0 \
	    "git+file://$REPOS/$1.git,$commit,$1"
	expect err "$1: FAILED: .*damaged or cut off"
	grep -q 'whole v1' "roles/$1/tasks/main.yml" ||
	    fail 'the old one is gone'
	no_litter roles
}

# All of its objects are of this commit.
find "$REPOS/cut.git/objects" -type f -path '*/??/*' >objects
[ "$(wc -l <objects)" -eq 8 ] || fail "$(wc -l <objects) objects"
while read -r object; do
	cp "$object" kept
	for size in 0 1 15 $(($(stat -c %s "$object") - 5)); do
		head -c "$size" kept >short
		mv -f short "$object"
		refused cut
	done
	refused borrows
	for size in 0 1 99999; do
		python3 - kept "$size" >other <<-'END'
			import re, sys, zlib
			data = zlib.decompress(open(sys.argv[1], "rb").read())
			data = re.sub(rb" \d+\0", b" %s\0" % sys.argv[2].encode(), data, 1)
			sys.stdout.buffer.write(zlib.compress(data))
		END
		mv -f other "$object"
		refused cut
	done
	mv -f kept "$object"
done <objects
for name in cut borrows; do
	kelpie 0 install -f -p roles "git+file://$REPOS/$name.git,$commit,$name"
done
