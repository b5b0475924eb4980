#!/bin/sh
# A server that knows only the first version of git's protocol: whether it
# answers a request of version 2 with nothing or with an error, one GET finds
# out, one POST fetches, and the next role of that host begins with the GET.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
for mode in v0 v0:400 v0:404 v0:405 v0:500 v0:501; do
	serve --mode "$mode"
	rm -rf roles
	kelpie 0 install --no-cache -p roles -j 1 "git+$URL/one.git,v1" \
	    "git+$URL/two.git,$(commit_of two v1)"
	version_is roles one v1
	version_is roles two v1
	cut -d' ' -f1,2 "$LOG" >asked
	expect_out asked <<-EOT
		POST /one.git/git-upload-pack
		GET /one.git/info/refs?service=git-upload-pack
		POST /one.git/git-upload-pack
		GET /two.git/info/refs?service=git-upload-pack
		POST /two.git/git-upload-pack
	EOT
	stop "$SERVER"
done
