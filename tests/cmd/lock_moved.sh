#!/bin/sh
# A tag that was moved is found where somebody asks, and refused with both
# ids until an update is told to take it; a branch moves on with an update.
. "$(dirname "$0")/lib.sh"
make_role tagged v1 v2
make_role branch v1
make_role pinned v1
serve
requirements <<-EOT
	- {src: @URL@/tagged.git, version: v1}
	- {src: @URL@/branch.git, version: main}
	- {src: @URL@/pinned.git, version: $(commit_of pinned v1)}
EOT
kelpie 0 install -p roles --lock
cp requirements.lock saved.lock
before=$(commit_of tagged v1)
git -C "$REPOS/tagged.git" tag -f v1 v2 >/dev/null
after=$(commit_of tagged v1)
# By force: the old commit is in no branch any more.
git -C "$REPOS/branch.git" update-ref refs/heads/main "$(commit_of branch v1)"

kelpie 0 install -p roles
expect_nothing_to_do 3
kelpie 0 install -p fresh --no-cache
version_is fresh tagged v1
version_is fresh branch main
for command in 'install -p roles --check-refs' 'lock' 'lock --check' \
    'update -p roles' 'update -p roles tagged'; do
	# shellcheck disable=SC2086 # words
	kelpie 1 $command
	expect err "tagged: FAILED: .*tag 'v1' was commit $before when .* $after now"
	version_is roles tagged v1
	cmp requirements.lock saved.lock || fail "$command has written"
done

kelpie 0 update -p roles --dry-run --moved-tags
expect out "^branch: main \(.*\) -> main \($(commit_of branch v1 | cut -c 1-7)\)" \
    "^tagged: v1 \($(echo "$before" | cut -c 1-7)\) -> v1 \($(echo "$after" | cut -c 1-7)\)"
expect_no out pinned:.*-
cmp requirements.lock saved.lock || fail '--dry-run has written'
version_is roles tagged v1
kelpie 0 update -p roles --moved-tags tagged
version_is roles tagged v2
version_is roles branch main
expect requirements.lock "commit: $after" "commit: $(commit_of pinned v1)"
kelpie 0 update -p roles
version_is roles branch v1
kelpie 0 update -p roles
expect_nothing_to_do 3
kelpie 1 update -p roles nobody
expect err "no role 'nobody' in requirements.yml or requirements.lock"

# A tag that is gone: the commit is still there, and installed.
git -C "$REPOS/tagged.git" tag -d v1 >/dev/null
kelpie 0 install -p again --no-cache
version_is again tagged v2
kelpie 1 install -p again --check-refs
expect err "tagged: FAILED: .*'v1'"
version_is again tagged v2
mv requirements.lock kept.lock
kelpie 1 install -p again --check-refs
expect err "there is no 'requirements.lock', which --check-refs needs; kelpie lock"
mv kept.lock requirements.lock
