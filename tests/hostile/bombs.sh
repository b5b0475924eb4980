#!/bin/sh
# A small archive of very much is refused before it is written, and says
# which limit holds.
. "$(dirname "$0")/../cmd/lib.sh"
python3 "$here/archives.py" "$T/odd" bombs >list
while IFS='	' read -r name pattern; do
	[ "$(stat -c %s "odd/$name")" -lt 100000 ] || fail "$name is no bomb"
	kelpie 1 install -p roles --max-bytes 8M --max-file-bytes 4M \
	    --max-files 2000 "./odd/$name,,$name"
	expect err "^$name: FAILED: .*$pattern raises the limit"
	no_litter roles
done <list
rm -r odd

# So is a download that is too large.
serve
head -c 300000 /dev/urandom >repos/x.tar
kelpie 1 install -p roles --max-bytes 200000 "$URL/x.tar"
expect err '^x: FAILED: .*more than 200000 bytes; --max-bytes raises'
