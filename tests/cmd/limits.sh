#!/bin/sh
# What exceeds a limit is refused, and the message names limit and option,
# whatever way the role comes; the largest number is as good as none.
. "$(dirname "$0")/lib.sh"
make_role one
git clone -q "$REPOS/one.git" work
mkdir -p work/files/a/b
echo deep >work/files/a/b/c
git -C work add .
git -C work commit -qm deep
git -C work tag v1
git -C work push -q origin v1
git -C "$REPOS/one.git" archive --format=tar.gz --prefix=one-1/ \
    -o "$T/one.tar.gz" v1
serve
for spec in "git+file://$REPOS/one.git,v1" "git+$URL/one.git,v1" \
    "file://$T/one.tar.gz,,one"; do
	for limit in --max-files=4 --max-bytes=100 --max-file-bytes=60; do
		kelpie 1 install -p roles "${limit%=*}" "${limit#*=}" "$spec"
		expect err "^one: FAILED: .*more than ${limit#*=} .*${limit%=*} raises"
		[ ! -e roles/one ] || fail "$limit was ignored"
	done
	kelpie 1 install -p roles --max-depth 2 "$spec"
	expect err '^one: FAILED: .*more than 2 directories deep; --max-depth raises'
	no_litter roles
	kelpie 0 install -p roles --max-files 50 --max-bytes 100000 \
	    --max-file-bytes 10000 --max-depth 3 "$spec"
	no_litter roles
	rm -r roles
done

# More than there can be is no limit.
for much in 9223372036854775808 15E 18446744073709551615; do
	for spec in "git+file://$REPOS/one.git,v1" "file://$T/one.tar.gz,,one"; do
		kelpie 0 install -p roles --max-files $much --max-bytes $much \
		    --max-file-bytes $much "$spec"
		rm -r roles
	done
done
