#!/bin/sh
# Where a lock file is, its commits are installed: one request each, no refs
# asked for, trees compared; what another commit is in place is replaced.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role dep v1
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', name: dep}]" make_role web v1 v2
make_role one v1
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- src: "@URL@/one.git"
EOT
kelpie 0 lock
old=$(commit_of one main) old_dep=$(commit_of dep main)

# Everything has moved on since.
for role in one dep; do
	git -C "$REPOS/$role.git" worktree add -q "$T/$role" main
	echo 'moved: true' >"$T/$role/tasks/main.yml"
	git -C "$T/$role" commit -qam moved
done
: >"$LOG"
kelpie 0 install -p roles --no-cache
[ "$(requests)" -eq 3 ] || fail "not one request each: $(cat "$LOG")"
expect_no "$LOG" ls-refs 'info/refs'
version_is roles one main
version_is roles dep main
expect_no out 'requirements.lock'
kelpie 0 install -p roles --locked
expect_nothing_to_do 3

# What was installed without it is brought to what it says.
cp requirements.lock saved.lock
mv requirements.lock aside.lock
kelpie 0 install -p moved --no-cache
grep -q moved moved/one/tasks/main.yml || fail 'not the newest'
mv aside.lock requirements.lock
kelpie 0 install -p moved
version_is moved one main
version_is moved dep main
expect out '2 updated' '1 already there'
cmp requirements.lock saved.lock || fail 'another lock file'

# A tree that is not the one that was locked is refused.
sed "s/^  digest: .*/  digest: $(printf '%064d' 1)/" saved.lock >requirements.lock
kelpie 1 install -p wrong
expect err 'one: FAILED: .*the lock file says 0*1$'
[ ! -e wrong/one ] || fail 'it is there'
cp saved.lock requirements.lock

# A commit that is gone from the server.
sed "s/$old/$(printf '%040d' 1)/" saved.lock >requirements.lock
kelpie 1 install -p gone --no-cache
expect err 'one: FAILED: .*commit 0*1, which the lock file says, is not there' \
    'kelpie update one'
[ -d gone/web ] && [ -d gone/dep ] || fail 'the others are missing'
cp saved.lock requirements.lock
[ -n "$old_dep" ]

# Only some of its roles: the others of the lock file stay.
kelpie 0 install -p some -r requirements.yml web
[ ! -e some/one ] || fail 'one was not asked for'
cmp requirements.lock saved.lock || fail 'another lock file'
