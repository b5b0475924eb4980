#!/bin/sh
# ~/.netrc: sent with the first request, to its own host alone.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role open v1
serve
open=$URL
openlog=$LOG
serve --basic shepherd:s3cr3tword
cat >home/.netrc <<EOT
# the farm
machine localhost login nobody password wr0ngword
machine 127.0.0.1
	login shepherd
	password "s3cr3tword"
EOT
kelpie 0 install -p roles "git+$URL/one.git,v1"
version_is roles one v1
expect_no "$LOG" ' 401 '
[ "$(requests)" -eq "$(grep -c auth "$LOG")" ] || fail 'not sent at once'
expect_no err s3cr3tword


# Another host gets none of it, and a refused entry says where it stands.
kelpie 1 install -p roles --no-cache -f "git+http://localhost:$PORT/one.git,v1"
expect err '^one: FAILED: .*refuses the user or the password; they are from ~/\.netrc'
expect_no err wr0ngword
sed -i 's/machine localhost/machine elsewhere.example/' home/.netrc
kelpie 0 install -p roles "git+http://localhost:${open##*:}/open.git,v1"
expect_no "$openlog" auth

# The user of the URL picks the entry; a whole one in the URL wins.
cat >home/.netrc <<EOT
machine 127.0.0.1 login other password wr0ngword
machine 127.0.0.1 login shepherd password s3cr3tword
EOT
kelpie 0 install -p b --no-cache "git+http://shepherd@127.0.0.1:$PORT/one.git,v1"
sed -i 2d home/.netrc
kelpie 0 install -p c --no-cache "git+http://shepherd:s3cr3tword@127.0.0.1:$PORT/one.git,v1"

# A helper is asked when it is refused.
export GIT_CONFIG_GLOBAL="$T/config"
git config -f config credential.helper \
    "!f() { echo \"\$1\" >>$T/asked; echo username=shepherd; echo password=s3cr3tword; }; f"
kelpie 0 install -p d --no-cache "git+$URL/one.git,v1"
version_is d one v1
expect asked '^get$' '^store$'
expect_no asked erase
