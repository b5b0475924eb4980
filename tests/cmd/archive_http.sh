#!/bin/sh
# Archives by URL: redirects, passwords, servers that fail, and what they send
# instead.
. "$(dirname "$0")/lib.sh"
mkdir -p x-1/meta x-1/tasks repos/files
echo '{}' >x-1/meta/main.yml
echo '- debug:' >x-1/tasks/main.yml
tar czf repos/files/x.tar.gz x-1
tar cf repos/files/plain.tar x-1
sum=$(sha256sum repos/files/x.tar.gz | cut -d' ' -f1)
unset KELPIE_RETRIES

serve
new=$URL newlog=$LOG
kelpie 0 install -p roles "$URL/files/x.tar.gz" "$URL/files/x.tar.gz?a=1,,y"
cmp x-1/tasks/main.yml roles/x/tasks/main.yml
cmp x-1/tasks/main.yml roles/y/tasks/main.yml
kelpie 0 install -p roles "$URL/files/x.tar.gz"
expect_nothing_to_do 1

# A query says what is asked for, and a token in it only by whom.
kelpie 0 install -p roles "$URL/files/x.tar.gz?v=1&private_token=tokenone,,z"
kelpie 0 install -p roles "$URL/files/x.tar.gz?v=1&private_token=another,,z"
expect_nothing_to_do 1
! grep -rq tokenone roles home || fail 'a token is kept'
kelpie 0 install -p roles "$URL/files/x.tar.gz?v=2,,z"
expect out '^z: updated'
for v in 1 2; do
	echo "- {src: '$URL/files/x.tar.gz?v=$v&token=$v', name: z}" >v$v.yml
done
kelpie 0 lock -r v1.yml
cp v1.lock v2.lock
kelpie 1 install -p roles --locked -r v2.yml
expect err "role 'z' is http.*x.tar.gz#........ here, and http.*x.tar.gz#"
kelpie 0 install -p roles -r v2.yml
expect v2.lock '^  src: .*x.tar.gz#[0-9a-f]*"$'
kelpie 0 install -p roles --locked -r v2.yml

# What is not there is not asked for again; a page is no archive.
kelpie 1 install -p none "$URL/files/none.tar.gz"
expect err '^none: FAILED: .*not found'
expect_no err 'trying again'
serve --mode html
kelpie 1 install -p none "$URL/files/x.tar.gz"
expect err '^x: FAILED: .*HTML page'

# Somewhere else: at the same server, at another, in circles.
serve --mode "moved:302:old=/files"
kelpie 0 install -p same "$URL/old/x.tar.gz"
[ "$(requests)" -eq 2 ] || fail "$(requests) requests"
serve --mode "moved:302:old=$new/files"
kelpie 0 install -p other "http://me:s3cr3tword@127.0.0.1:$PORT/old/x.tar.gz"
[ -f other/x/tasks/main.yml ] || fail 'another server'
grep -q auth "$LOG" || fail 'the first host got no credentials'
! grep -q auth "$newlog" || fail 'the other host got credentials'
serve --mode loop
kelpie 1 install -p none "$URL/files/x.tar.gz"
expect err 'elsewhere more than 5 times'
serve --mode "moved:302:old=file://$REPOS/files"
kelpie 1 install -p none "$URL/old/x.tar.gz"
expect err '^x: FAILED: .*(file:|not followed|elsewhere)'

# Who we are.
serve --basic shepherd:s3cr3tword
kelpie 1 install -p none "$URL/files/x.tar.gz"
expect err '^x: FAILED: .*asks for a user and password'
kelpie 0 install -p auth "http://shepherd:s3cr3tword@127.0.0.1:$PORT/files/x.tar.gz"
printf 'machine 127.0.0.1 login shepherd password s3cr3tword\n' >home/.netrc
chmod 600 home/.netrc
kelpie 0 install -p netrc "$URL/files/x.tar.gz"
expect_no err s3cr3tword

# What may pass.
for how in 1:503 1:429 1:cut; do
	serve --fail-first "$how"
	kelpie 0 install -p again -f "$URL/files/x.tar.gz"
	expect err '^kelpie: warning: x: .*trying again'
done
export KELPIE_RETRIES=0
serve --mode truncate:100
kelpie 1 install -p none "$URL/files/x.tar.gz"
for cut in 100 150; do
	serve --http10 --mode truncate:$cut
	kelpie 1 install -p none "$URL/files/x.tar.gz"
	expect err 'cut off'
done
# At the end of a member: nobody but the missing end tells.
serve --http10 --mode truncate:2048
kelpie 1 install -p none "$URL/files/plain.tar"
expect err 'the end of a tar is missing|cut off'
serve --mode stop:100
kelpie 1 install -p none --timeout 1 "$URL/files/x.tar.gz"
expect err 'not a byte from the server for 1 seconds'
[ ! -e none/x ] || fail 'half a role'
no_litter none

# A checksum.
serve
echo "- {src: $URL/files/x.tar.gz, checksum: 'sha256:$sum'}" >r.yml
kelpie 0 install -r r.yml -p sums
echo other >>repos/files/x.tar.gz
kelpie 0 install -r r.yml -p sums
expect_nothing_to_do 1
kelpie 0 install -r r.yml -p sums -f --offline
kelpie 1 install -r r.yml -p sums -f --no-cache
expect err "got sha256 [0-9a-f]{64} instead of $sum"
[ -f sums/x/tasks/main.yml ] || fail 'the old one is gone'
no_litter sums
