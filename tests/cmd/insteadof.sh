#!/bin/sh
# url.<base>.insteadOf: the longest wins, an alias that is no URL by itself
# works, a role may come from elsewhere altogether, and what is written stays
# in the state and in the install info.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1
serve
export GIT_CONFIG_GLOBAL="$T/config"
git config -f config "url.$URL/.insteadOf" https://git.example/
git config -f config --add "url.$URL/.insteadOf" gh:
git config -f config "url.file://$REPOS/two.insteadOf" https://git.example/tw
requirements <<EOT
- {src: git+https://git.example/one.git, version: v1}
- {src: https://git.example/twx.git, scm: git, version: v1, name: two}
- {src: gh:one.git, scm: git, version: v2, name: three}
EOT
mv repos/two.git repos/twox.git
kelpie 0 install -p roles
version_is roles one v1
version_is roles two v1
grep -qx '  debug: {msg: one v2}' roles/three/tasks/main.yml ||
    fail "three is not one's v2"
expect "$LOG" '/one.git/git-upload-pack 200'
expect_no "$LOG" 'tw'
expect roles/.kelpie/state 'https://git.example/one.git' 'gh:one.git'
expect_no roles/.kelpie/state "127.0.0.1:$PORT"
kelpie 0 install -p roles
expect_nothing_to_do 3
# Rewritten again when it is asked for again.
git config -f config --replace-all "url.$URL/.insteadOf" nothing:
git config -f config "url.http://127.0.0.1:1/.insteadOf" https://git.example/
kelpie 1 install -p roles -f --no-cache
expect err '^one: FAILED: '
version_is roles one v1

# An archive is none of git's: it lies where its URL says.
mkdir -p x/meta x/tasks repos/files
echo '{}' >x/meta/main.yml
tar czf repos/files/x.tar.gz x
git config -f config "url.git@127.0.0.1:.insteadOf" "$URL/files/"
kelpie 0 install -p archive "$URL/files/x.tar.gz"
[ -f archive/x/meta/main.yml ] || fail 'no archive'
