#!/bin/sh
# A repository that holds no role is refused.
. "$(dirname "$0")/lib.sh"
for kind in nometa emptytree; do
	git init -q --bare -b main repos/$kind.git
done
blob=$(echo hello | git -C repos/nometa.git hash-object -w --stdin)
tree=$(printf '100644 blob %s\tREADME\n' "$blob" | git -C repos/nometa.git mktree)
git -C repos/nometa.git update-ref refs/heads/main \
    "$(git -C repos/nometa.git commit-tree -m x "$tree")"
tree=$(git -C repos/emptytree.git mktree </dev/null)
git -C repos/emptytree.git update-ref refs/heads/main \
    "$(git -C repos/emptytree.git commit-tree -m x "$tree")"
for kind in nometa emptytree; do
	kelpie 1 install -p roles "git+file://$REPOS/$kind.git"
	expect err "^$kind: FAILED: .*meta/main\\.yml"
	[ ! -e roles/$kind ] || fail "$kind is there"
done
