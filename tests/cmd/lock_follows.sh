#!/bin/sh
# What roles depend on is locked with them, also with links, directories and
# sources that have a user, and moves on with the role that asks for it; what
# is git now and was an archive, or a directory, is resolved anew.
. "$(dirname "$0")/lib.sh"
make_role dep v1 v2
make_role more v1
make_role web v0
serve

# tag VERSION DEPENDENCIES: a commit of web
tag() {
	[ -d "$T/web" ] || git -C "$REPOS/web.git" worktree add -q "$T/web" main
	printf 'galaxy_info: {}\ndependencies: %s\n' "$2" >"$T/web/meta/main.yml"
	git -C "$T/web" commit -qam "$1"
	git -C "$T/web" tag "$1"
}

tag v1 "[{src: 'git+$URL/dep.git', version: v1, name: dep}]"
tag v2 "[{src: 'git+$URL/dep.git', version: v2, name: dep}]"
tag v3 "[{src: 'git+$URL/more.git', version: v1, name: more}]"
for version in v1 v2 v3; do
	echo "- {src: $URL/web.git, version: $version}" >requirements.yml
	kelpie 0 lock
	cp requirements.lock $version.lock
done

# The lock file of another version: what that one needed does not count.
for pair in v1:v2 v2:v3 v3:v1; do
	cp "${pair%:*}.lock" requirements.lock
	echo "- {src: $URL/web.git, version: ${pair#*:}}" >requirements.yml
	kelpie 0 install -p "to_${pair#*:}"
	cmp requirements.lock "${pair#*:}.lock" || fail "$pair: another lock file"
done
version_is to_v2 dep v2
[ ! -e to_v3/dep ] || fail 'nobody asks for dep'
kelpie 0 install -p to_v2 --locked

# A run about some roles: the others stay, and what needs whom.
DEPENDENCIES="[{src: 'git+$URL/dep.git', version: v1, name: dep}]" \
    make_role other v1
cat >requirements.yml <<EOT
- {src: $URL/other.git, version: v1}
- {src: $URL/web.git, version: v1}
EOT
rm requirements.lock
kelpie 0 lock
cp requirements.lock both.lock
kelpie 0 install -p some -r requirements.yml web
cmp requirements.lock both.lock || fail 'another lock file'
sed -i 's/web.git, version: v1/web.git, version: v3/' requirements.yml
kelpie 0 install -p some -r requirements.yml web
kelpie 0 lock --check
sed -i '/other/d' requirements.yml
kelpie 0 lock
sed -i 's/version: v3/version: v1/' requirements.yml
kelpie 0 install -p some -r requirements.yml web
kelpie 0 lock --check

# A link and a directory: what they need is locked.
mkdir -p here/meta
echo "dependencies: [{src: 'git+$URL/dep.git', version: v1, name: dep}]" \
    >here/meta/main.yml
for entry in '{src: here, type: link}' '{src: ./here, name: here}'; do
	rm -rf requirements.lock roles
	echo "- $entry" >requirements.yml
	kelpie 0 lock
	expect requirements.lock '^- name: dep' '  - here' "src: ./here"
	kelpie 0 install -p roles --locked
	version_is roles dep v1
	kelpie 0 install -p roles --lock
	expect_no out requirements.lock
done

# Whatever is there will do for a role that wants any version, but is not what
# its source has.
make_role fork v9
tag v5 "[{src: 'git+$URL/dep.git', name: dep}]"
rm -rf requirements.lock roles
kelpie 0 install -p roles "git+$URL/fork.git,v9,dep"
echo "- {src: $URL/web.git, version: v5}" >requirements.yml
kelpie 0 install -p roles
grep -q "fork v9" roles/dep/tasks/main.yml || fail "it was replaced"
kelpie 0 install -p roles --lock
expect requirements.lock "commit: $(commit_of dep main)"
kelpie 0 lock --check

# With a user in its URL, which the lock file does not tell.
with_user=$(echo "$URL" | sed 's|//|//joe@|')
tag v4 "[{src: 'git+$with_user/dep.git', version: v1, name: dep}]"
echo "- {src: $URL/web.git, version: v4}" >requirements.yml
rm -rf requirements.lock roles
kelpie 0 install -p roles --lock
kelpie 0 install -p roles --locked
kelpie 0 install -p new --locked
version_is new dep v1

# One source, another kind.
git -C here init -q -b main
git -C here add .
git -C here commit -qm here
rm -rf requirements.lock roles
echo "- {src: $T/here, scm: git}" >requirements.yml
kelpie 0 install -p roles --lock
expect requirements.lock "^  commit: $(git -C here rev-parse HEAD)"
echo "- {src: $T/here, type: link}" >requirements.yml
kelpie 1 install -p new --locked
expect err "role 'here' has another path, kind, commit or checksum"
kelpie 0 install -p new
[ -L new/here ] || fail 'no link'
expect_no requirements.lock "commit: $(git -C here rev-parse HEAD)"
