#!/bin/sh
# A file where the roles directory should be, or on the way to it.
. "$(dirname "$0")/lib.sh"
make_role one v1
echo mine >file
for path in file file/below; do
	kelpie 1 install -p $path "git+file://$REPOS/one.git,v1"
	expect err "$T/file"
	[ "$(wc -l <err)" -le 2 ] || fail 'said more than once'
	grep -qx mine file || fail 'the file was touched'
done
