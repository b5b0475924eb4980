#!/bin/sh
# Every kind of version, from every kind of server: what is written is what
# git archive writes of the same revision.
# labels: timeout=300
. "$(dirname "$0")/lib.sh"
need tar
make_role one v0 v1.0 v1.1
git=repos/one.git
# A merge whose second parent is on no other branch, an annotated tag, a
# branch with a slash, and what a host keeps of a pull request.
side=$(git -C $git commit-tree -m side -p v1.0 'v1.0^{tree}')
merge=$(git -C $git commit-tree -m merge -p main -p "$side" 'v1.1^{tree}')
git -C $git update-ref refs/heads/main "$merge"
git -C $git tag -a -m annotated annotated v1.1
git -C $git update-ref refs/heads/feature/x v1.0
git -C $git update-ref refs/pull/1/head v0
old=$(commit_of one v1.1~1)
# What no tag and no branch points to.
git -C $git tag -d v1.0 >/dev/null
git -C $git update-ref -d refs/heads/feature/x
git -C $git update-ref refs/heads/feature/x "$(commit_of one v0)"
brief=$(printf %.10s "$side")

cat >revisions <<END
v1.1
annotated
feature/x
origin/feature/x
HEAD
main
refs/pull/1/head
refs/tags/v1.1
refs/heads/main
$old
$brief
HEAD~1
v1.1~1
v1.1^
main^2
main^2~1
main~2^0
annotated~
$brief^
$old~1
refs/heads/main^2
END

serve
two=$URL
serve --mode v0
zero=$URL
daemon_port=$(free_port)
background git daemon --base-path="$REPOS" --export-all --reuseaddr \
    --listen=127.0.0.1 --port="$daemon_port" "$REPOS"
wait_for 'git daemon' git ls-remote "git://127.0.0.1:$daemon_port/one.git"

n=0
while read -r revision; do
	n=$((n + 1))
	mkdir -p "want/r$n"
	git -C $git archive --format=tar "${revision#origin/}" | tar -C "want/r$n" -xf -
done <revisions
for base in "git+$two" "git+$zero" "git+file://$REPOS" \
    "git://127.0.0.1:$daemon_port"; do
	n=0
	while read -r revision; do
		n=$((n + 1))
		echo "- {src: '$base/one.git', version: '$revision', name: r$n}"
	done <revisions >r.yml
	rm -rf roles
	kelpie 0 install -r r.yml -p roles --no-cache
	same_tree want roles
	no_litter roles
	# The state tells commit and, where there was one, ref.
	n=0
	while read -r revision; do
		n=$((n + 1))
		expect roles/.kelpie/state "$(git -C $git rev-parse "${revision#origin/}^{commit}")"
	done <revisions
	expect roles/.kelpie/state refs/pull/1/head refs/tags/annotated
done
