#!/bin/sh
# 40 hex digits are a commit and nothing else (H035); a tag wins over a branch.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
serve
hex=$(printf '%040d' 7)
git -C repos/one.git update-ref "refs/heads/$hex" refs/tags/v1
git -C repos/one.git update-ref refs/heads/both refs/tags/v1
git -C repos/one.git update-ref refs/tags/both refs/tags/v2
git -C repos/one.git update-ref refs/heads/feature/x refs/tags/v1
for base in "git+$URL" "git+file://$REPOS"; do
	rm -rf roles
	kelpie 1 install -p roles "$base/one.git,$hex"
	expect err '^one: FAILED: '
	[ ! -e roles/one ] || fail 'a branch was taken for a commit'
	kelpie 0 install -p roles "$base/one.git,both"
	version_is roles one v2
	kelpie 0 install -p roles "$base/one.git,feature/x"
	version_is roles one v1
	kelpie 1 install -p roles "$base/one.git,nosuch"
	expect err "nosuch" '^one: FAILED: '
	for version in -x '..' 'a..b' '@{-1}' 'HEAD~x' ':/re' 'a^{/x}' 'a b' 'x.lock'; do
		kelpie 1 install -p roles "$base/one.git,$version"
	done
	version_is roles one v1
done
