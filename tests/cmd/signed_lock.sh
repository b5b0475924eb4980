#!/bin/sh
# A role in place counts if it was verified with the signers of now.  A lock
# file has the tag's own id, which is asked for in its place: one request.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/signed_lib.sh"
export ROLE=one
make_role one v1 v2
ssh_key alice
ssh_key bob
as alice ssh tag -s -m one s1 v1
git -C "$REPOS/one.git" branch signed v1
signed_commit alice ssh signed
git -C "$REPOS/one.git" tag light signed
first=$(git -C "$REPOS/one.git" rev-parse s1)
serve

# verify comes later, the signers change, verify goes.
cp alice.allowed signers
requirements <<-'EOT'
	- {src: "git+@URL@/one.git", version: s1}
EOT
kelpie 0 install -p roles
expect_no roles/.kelpie/state 'ssh:'
signed requirements.yml s1 ssh signers
kelpie 0 install -v -p roles
expect err 'cached pack is of no use' 'the tag is signed by .alice'
kelpie 0 install -p roles
expect_nothing_to_do 1
cp bob.allowed signers
kelpie 1 install -p roles
expect err 'not among those of the signers'
version_is roles one v1
cat alice.allowed bob.allowed >signers
before=$(requests)
kelpie 0 install -v -p roles
expect err 'the tag is signed by .alice'
expect_no err 'of no use'
[ "$(requests)" -eq $((before + 1)) ] || fail 'the pack in the cache was not used'
kelpie 0 install --offline -v -p offline
expect err 'the tag is signed by .alice'
requirements other.yml <<-'EOT'
	- {src: "git+@URL@/one.git", version: s1}
EOT
kelpie 0 install -r other.yml -p roles
expect_nothing_to_do 1

# Both ids, and the tag's is the one that is asked for.
kelpie 0 install --lock -p locked
expect requirements.lock "^  commit: $(commit_of one v1)$" "^  tag: $first$"
before=$(requests)
kelpie 0 install --no-cache -v -p again
expect err 'the tag is signed by .alice'
[ "$(requests)" -eq $((before + 1)) ] || fail "$(cat "$LOG")"
kelpie 0 install -p again
expect_nothing_to_do 1

# It is moved to another commit, by somebody who may sign: the lock holds.
git -C "$REPOS/one.git" tag -d s1 >/dev/null
as bob ssh tag -s -m two s1 v2
second=$(git -C "$REPOS/one.git" rev-parse s1)
kelpie 0 install -v -p moved
expect err 'the tag is signed by .alice'
version_is moved one v1
kelpie 1 install --check-refs -p moved
expect err "tag 's1' was commit .* somebody has moved it"
kelpie 1 lock
kelpie 0 update -v --moved-tags -p moved
expect err 'the tag is signed by .bob'
version_is moved one v2
expect requirements.lock "tag: $second" "commit: $(commit_of one v2)"

# Made anew at the same commit: no other tree, but the one that was locked is
# gone from the server.
git -C "$REPOS/one.git" tag -d s1 >/dev/null
GIT_COMMITTER_DATE='1700000009 +0000' as alice ssh tag -s -m two s1 v2
git -C "$REPOS/one.git" prune --expire=now
kelpie 1 install --no-cache -p gone
expect err "tag object $second, which the lock file says, is not there"
kelpie 0 update --moved-tags -p gone
expect requirements.lock "tag: $(git -C "$REPOS/one.git" rev-parse s1)"

# Locked before it was to be signed: the tag is asked for by its name, once.
rm requirements.lock
cp requirements.yml signed.yml
requirements <<-'EOT'
	- {src: "git+@URL@/one.git", version: s1}
EOT
kelpie 0 lock
expect_no requirements.lock 'tag:'
cp signed.yml requirements.yml
kelpie 0 install -v --no-cache -p late
expect err 'the tag is signed by .alice'
expect requirements.lock "tag: $(git -C "$REPOS/one.git" rev-parse s1)"

# Without a tag object there is none to be locked.
signed requirements.yml light ssh signers
kelpie 0 install --lock -v -p light
expect err 'the commit is signed by .alice'
expect_no requirements.lock 'tag: '
kelpie 0 install -v -p light
expect_nothing_to_do 1
