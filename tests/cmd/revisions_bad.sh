#!/bin/sh
# Versions that lead nowhere are told in words, the same for every server.
. "$(dirname "$0")/lib.sh"
make_role one v1
git=repos/one.git
# Commits until two of them begin alike.
python3 - <<'END' | git -C $git fast-import --quiet --force
for n in range(600):
    print(f"""commit refs/heads/many
committer A Tester <tester@example.org> {1700000000 + n} +0000
data 1
x
M 644 inline file
data 1
x
""")
END
twins=$(git -C $git rev-list many | cut -c1-4 | sort | uniq -d | head -1)
[ -n "$twins" ] || fail 'no two commits begin alike'
blob=$(git -C $git rev-parse v1:meta/main.yml)
git -C $git tag blob "$blob"
serve
two=$URL
serve --mode v0
for base in "git+$two" "git+$URL" "git+file://$REPOS"; do
	bad()
	{
		kelpie 1 install -p roles --no-cache "$base/one.git,$1"
		expect err '^one: FAILED: ' "$2"
		[ ! -e roles/one ] || fail "$1 is something"
	}
	bad v9 "no tag or branch 'v9'"
	bad feedc0de0 "no tag, branch or commit 'feedc0de0'"
	bad "$twins" "'$twins' may be commit ${twins}[0-9a-f]* or $twins"
	bad "$(printf %.12s "$blob")" 'is not a tag, a branch or a commit'
	bad v1~1 "'v1~1': commit '[0-9a-f]*' has no parent"
	bad v1^2 "has no parent number 2"
	bad v1~999999999 'has no parent'
	bad refs/tags/v9 "no ref 'refs/tags/v9'"
	bad 0123456789012345678901234567890123456789 'is not in the repository'
	bad blob 'blob|commit'
	# Short as it is, that is a tag.
	git -C $git tag -f abcd v1 >/dev/null
	kelpie 0 install -p roles --no-cache "$base/one.git,abcd"
	version_is roles one v1
	rm -rf roles
done
no_litter roles
# Nothing else of gitrevisions(7) goes any further than the command line.
for version in 'HEAD@{1}' 'v1^{tree}' 'v1^{/x}' 'v1^@' v1^! :/x v1~1..v1 ^main \
    ~x v1~x 'v1~1 x' v1:meta @~1; do
	kelpie 1 install -p roles "git+file://$REPOS/one.git,$version"
	expect err 'bad version|empty|in the range'
done
# Objects with ids of another kind, whoever serves them.
if git init -q --bare --object-format=sha256 repos/long.git 2>/dev/null; then
	tree=$(git -C repos/long.git mktree </dev/null)
	git -C repos/long.git update-ref HEAD \
	    "$(git -C repos/long.git commit-tree -m x "$tree")"
	for base in "git+$two" "git+$URL" "git+file://$REPOS"; do
		for version in '' main 0123456789012345678901234567890123456789; do
			kelpie 1 install -p roles "$base/long.git,$version"
			expect err '^long: FAILED: .*SHA-256'
		done
	done
fi
