#!/bin/sh
# A branch in place is looked at again with --refresh, and only then; one that
# has not moved stays as it is.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve
before=$(commit_of one main)
kelpie 0 install -p roles "git+$URL/one.git,main"
git -C "$REPOS/one.git" update-ref refs/heads/main "$(commit_of one v1)"
count=$(requests)
kelpie 0 install -p roles "git+$URL/one.git,main"
expect_nothing_to_do 1
[ "$(requests)" -eq "$count" ] || fail 'a request for a role in place'
kelpie 0 install -p roles --refresh "git+$URL/one.git,main"
expect out '^one: updated'
version_is roles one v1
inode=$(stat -c %i roles/one)
kelpie 0 install -p roles --refresh "git+$URL/one.git,main"
expect_no out 'updated' 'installed'
[ "$(stat -c %i roles/one)" = "$inode" ] || fail 'replaced by the same'

# What somebody edited matters only when the branch has moved.
echo '# mine' >>roles/one/tasks/main.yml
kelpie 0 install -p roles --refresh "git+$URL/one.git,main"
git -C "$REPOS/one.git" update-ref refs/heads/main "$before"
kelpie 1 install -p roles --refresh "git+$URL/one.git,main"
expect err '^one: FAILED: edited by hand'
grep -qx '# mine' roles/one/tasks/main.yml || fail 'the edit is gone'
git -C "$REPOS/one.git" update-ref refs/heads/main "$(commit_of one v1)"

[ "$before" != "$(commit_of one main)" ] || fail 'the branch did not move'
no_litter roles

# What it depends on comes back although the branch has not moved.
DEPENDENCIES="[{src: 'git+$URL/one.git', version: v1}]" make_role top
kelpie 0 install -p again "git+$URL/top.git"
rm -rf again/one
kelpie 0 install -p again --refresh "git+$URL/top.git"
expect out '1 installed'
version_is again one v1
no_litter again
