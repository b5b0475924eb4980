#!/bin/sh
# What kelpie update says and does as branches, dependencies and tags move:
# by names, with roles edited by hand, with failures, with nothing to change.
. "$(dirname "$0")/lib.sh"
make_role dep v1
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', name: dep}]" make_role web v1 v2
make_role one v1.0.0 v1.1.0 v2.0.0
make_role branch v1
make_role gone v1
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- {src: @URL@/one.git, version: ">=1,<2"}
	- {src: @URL@/branch.git, version: main}
	- {src: @URL@/gone.git, version: v1}
EOT
# The first one: what was installed has been told.
kelpie 0 update -p roles branch
expect out '^requirements.lock: 5 roles$'
expect_no out 'new,'
for role in dep branch; do
	git -C "$REPOS/$role.git" worktree add -q "$T/$role" main
	echo 'moved: true' >"$T/$role/tasks/main.yml"
	git -C "$T/$role" commit -qam moved
done
git -C "$REPOS/one.git" tag v1.2.0 main
cp requirements.lock saved.lock

kelpie 0 update -p roles --dry-run
expect out '^branch: main \(.{7}\) -> main \(.{7}\)' '^dep: .{7} -> .{7}' \
    '^one: v1.1.0 \(.*\) -> v1.2.0 \('
[ "$(wc -l <out)" -eq 3 ] || fail 'more is said than what changes'
kelpie 0 update -p roles --dry-run web gone
[ "$(cat out)" = 'nothing would change' ] || fail 'something would change'
mkdir -p here/meta && echo '{}' >here/meta/main.yml
cp requirements.yml saved.yml
echo '- {src: fs+here}' >>requirements.yml
kelpie 0 update -p roles --dry-run here
expect_out <<-'EOT'
	here: new, a directory
EOT
mv saved.yml requirements.yml

# A dependency has a name like any other; unknown ones are all told.
kelpie 1 update -p roles nobody dep else
expect err "no role 'nobody', 'else' in requirements.yml or requirements.lock"
kelpie 0 update -p roles dep
expect out '^dep: .{7} -> .{7}' '1 updated, 4 already there'
expect_no out '^(one|branch):'
cmp roles/dep/tasks/main.yml dep/tasks/main.yml || fail 'dep has not moved'

# Edited by hand: it stays, and so do the files; -f is for what moves alone.
echo '# mine' >>roles/branch/tasks/main.yml
echo '# mine' >>roles/web/tasks/main.yml
cp requirements.lock saved.lock
kelpie 1 update -p roles --write branch one
expect err 'branch: FAILED: edited by hand' \
    'not all went well, so the lock file and the requirements file stay as before'
cmp requirements.lock saved.lock || fail 'the lock file was written'
kelpie 1 update -p roles branch
expect err 'so the lock file stays as before'
kelpie 0 update -p roles -f branch
cmp roles/branch/tasks/main.yml branch/tasks/main.yml || fail 'branch has not moved'
expect roles/web/tasks/main.yml '# mine'
expect out '1 updated, 4 already there'
expect_no out '^(web|gone):'
kelpie 0 update -p roles -f
expect roles/web/tasks/main.yml '# mine'

# Names, with --write; a role that the lock file does not have yet.
requirements more.yml <<-'EOT'
	- {src: @URL@/one.git, version: v1.0.0, name: other}
EOT
cat more.yml >>requirements.yml
cp requirements.yml before.yml
kelpie 0 update -p roles --write other
expect out '^other: new, v2.0.0 ' '^requirements.yml: 1 version$'
[ "$(diff before.yml requirements.yml | grep -c '^>')" -eq 1 ] || fail 'other lines'
expect requirements.yml 'web.git, version: v1}'
expect requirements.lock 'asked: v2.0.0'
kelpie 0 lock --check

# With a failure nothing is written; of a link the file is, not the link.
mkdir real && mv requirements.yml real/reqs.yml
ln -s real/reqs.yml requirements.yml
mv "$REPOS/gone.git" "$REPOS/hidden.git"
# It is in place and locked, and in nobody's way who is not about it.
kelpie 0 update -p roles branch
kelpie 0 update -p roles --write --dry-run branch
kelpie 1 update -p roles gone
rm -r roles/web
cp real/reqs.yml before.yml
cp requirements.lock saved.lock
kelpie 1 update -p roles --write
cmp real/reqs.yml before.yml || fail 'written in spite of a failure'
cmp requirements.lock saved.lock || fail 'locked in spite of a failure'
kelpie 1 update -p roles --dry-run gone
expect err '^gone: FAILED: '
expect_out </dev/null
mv "$REPOS/hidden.git" "$REPOS/gone.git"
kelpie 0 update -p roles --write
[ -L requirements.yml ] || fail 'the link is gone'
expect out '^web: v1 \(.*\) -> v2 \('
sed -i 's/version: v1}/version: v2}/; /gone/s/v2}/v1}/' before.yml
cmp real/reqs.yml before.yml || fail 'not the file that the link leads to'
kelpie 0 lock --check
# What was put in place before the failure is no reason to forget the file.
git -C "$REPOS/web.git" tag v3 main
cp real/reqs.yml before.yml
chmod 500 real
if [ "$(id -u)" -ne 0 ]; then
	kelpie 1 update -p roles --write
	expect err "write '.*requirements.yml': make a file beside it: Permission denied"
fi
chmod 700 real
kelpie 0 update -p roles --write
expect requirements.yml 'web.git, version: v3'
kelpie 0 lock --check
[ -z "$(find . -name '.*.kelpie')" ] || fail 'temporaries are left'
