#!/bin/sh
# A repository with a new name on the same host is found, with the
# credentials that the old one needs; a way in circles is left, and none
# leads from https to http.
. "$(dirname "$0")/lib.sh"
make_role new v1
for status in 301 302 307 308; do
	serve --mode "moved:$status:old.git=/new.git" --basic me:s3cr3tword
	rm -rf roles
	kelpie 0 install --no-cache -p roles \
	    "git+http://me:s3cr3tword@127.0.0.1:$PORT/old.git,v1"
	expect roles/old/tasks/main.yml 'new v1'
	# The new name is asked from then on, by the one connection.
	expect "$LOG" '^POST /new.git/git-upload-pack 200 fetch 1 auth'
	stop "$SERVER"
done

serve --mode loop
kelpie 1 install -p roles "git+$URL/one.git,v1"
expect err '^one: FAILED: .*more than 5 times'
[ "$(requests)" -eq 7 ] || fail "$(requests) requests"

serve --mode "moved:302:old.git=/users/sign_in?back="
kelpie 1 install -p roles "git+$URL/old.git,v1"
expect err "^old: FAILED: .*elsewhere.*/users/sign_in'"

serve
plain=$URL
plainlog=$LOG
make_ca good
serve --cert "$T/good-host.pem" --key "$T/good-host.key" \
    --mode "moved:301:new.git=$plain/new.git" --basic me:s3cr3tword
kelpie 1 install -p roles --ca-file good.pem \
    "git+https://me:s3cr3tword@localhost:$PORT/new.git,v1"
expect err '^new: FAILED: .*from https to'
expect_no err s3cr3tword
[ ! -s "$plainlog" ] || fail "$(cat "$plainlog")"
