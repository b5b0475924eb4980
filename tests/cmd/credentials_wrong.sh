#!/bin/sh
# A helper's wrong password: git is told to forget it, and there is a clear
# error, as there is for a helper that knows nothing or fails.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
serve --basic shepherd:s3cr3tword
export GIT_CONFIG_GLOBAL="$T/config"
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
git config -f config credential.helper store
echo "http://shepherd:wr0ngword@127.0.0.1%3a$PORT" >home/.git-credentials
kelpie 1 install -p roles
expect err '^one: FAILED: .*refuses the user or the password; they are from git'
expect err '^two: FAILED: '
expect_no err wr0ngword
[ ! -s home/.git-credentials ] || fail 'the store was not told'
[ ! -e roles/one ] || fail 'half a role'

kelpie 1 install -p roles
expect err "^one: FAILED: .*git's credential helpers know none"
git config -f config credential.helper '!echo the vault is locked >&2; :'
kelpie 1 install -p roles
expect err '^one: FAILED: .*helpers know none: the vault is locked'

# Right for one repository and refused for another: that says nothing
# against the password.
git config -f config credential.helper store
echo "http://shepherd:s3cr3tword@127.0.0.1%3a$PORT" >home/.git-credentials
kelpie 0 install -p roles
[ -s home/.git-credentials ] || fail 'a good password was forgotten'
# Without git there is no helper, and no crash.
mkdir bin
PATH=$T/bin kelpie 1 install -p none --no-cache
expect err "^one: FAILED: .*'git'"
