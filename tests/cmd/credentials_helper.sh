#!/bin/sh
# git's credential helpers are asked after a refusal, once for a host, and
# told what worked; what they say goes to that host alone.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
make_role open v1
serve
open=$URL
openlog=$LOG
serve --basic shepherd:s3cr3tword
export GIT_CONFIG_GLOBAL="$T/config"
cat >helper <<EOT
#!/bin/sh
echo "[\$1]" >>$T/asked
cat >>$T/asked
[ "\$1" != get ] || printf 'username=shepherd\npassword=s3cr3tword\n'
EOT
chmod +x helper
git config -f config credential.helper "$T/helper"
git config -f config --add credential.helper store
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
- {src: git+$open/open.git, version: v1}
EOT
kelpie 0 install -p roles -v
for role in one two open; do
	version_is roles "$role" v1
done
[ "$(grep -c '^\[get\]' asked)" -eq 1 ] || fail 'asked more than once'
[ "$(grep -c '^\[store\]' asked)" -eq 1 ] || fail 'not told that it worked'
expect asked "^host=127.0.0.1:$PORT\$" '^protocol=http$'
expect_no asked '^\[erase\]' '^path=' "host=${open#http://}"
expect home/.git-credentials "http://shepherd:s3cr3tword@127.0.0.1%3a$PORT"
expect_no "$openlog" auth
expect_no err s3cr3tword
! grep -r s3cr3tword roles || fail 'it is kept'

# From the store now, and the server that wants none starts no helper.
git config -f config --replace-all credential.helper store
kelpie 0 install -p roles -f --no-cache
rm asked
git config -f config --replace-all credential.helper "$T/helper"
kelpie 0 install -p elsewhere --no-cache "git+$open/open.git,v1"
[ ! -e asked ] || fail 'a helper was asked for nothing'
