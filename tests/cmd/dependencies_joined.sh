#!/bin/sh
# Two roles ask for a third in other words: what both allow is installed,
# whichever is heard of first, and a commit that one names holds for both.
. "$(dirname "$0")/lib.sh"
make_role dep v1.0 v1.2 v1.3
dep=git+file://$REPOS/dep.git
DEPENDENCIES="[{src: '$dep', version: v1.2, name: dep}]" make_role exact
DEPENDENCIES="[{src: '$dep', version: '>=1', name: dep}]" make_role range

# leads VERSION ROLE: one that wants dep and leads to the role, so that the
# order of the two is sure.
leads()
{
	DEPENDENCIES="[{src: '$dep', version: '$1', name: dep},
	  {src: 'git+file://$REPOS/$2.git', name: $2}]" make_role "to-$2"
	echo "- src: git+file://$REPOS/to-$2.git" >requirements.yml
	rm -f requirements.lock
}
for order in '>=1 exact' 'v1.2 range'; do
	second=${order#* }
	leads "${order% *}" "$second"
	kelpie 0 install -p "$second" --lock
	version_is "$second" dep v1.2
	expect requirements.lock '^  asked: v1.2'
	kelpie 0 install -p "$second" --locked
	kelpie 0 install -p "new-$second" --locked
	version_is "new-$second" dep v1.2
done

# In meta/requirements.yml an entry has all its keys.
make_role pinned
git -C "$REPOS/pinned.git" worktree add -q "$T/pinned" main
pin()
{
	echo "- {src: '$dep', version: v1.2, name: dep, commit: $1}" \
	    >"$T/pinned/meta/requirements.yml"
	git -C "$T/pinned" add .
	git -C "$T/pinned" commit -qm "$1"
}
leads v1.2 pinned
pin "$(commit_of dep v1.2)"
kelpie 0 install -p good
version_is good dep v1.2
pin "$(commit_of dep v1.0)"
kelpie 1 install -p bad
expect err "dep: FAILED: .*'v1.2' is commit $(commit_of dep v1.2), and"
