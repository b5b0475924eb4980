#!/bin/sh
# A lock file that is for another requirements file: what changed is resolved
# anew and written; --locked fails and tells; --frozen takes the lock file's.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1
make_role three v1
serve
requirements <<-'EOT'
	- {src: @URL@/one.git, version: v1}
	- {src: @URL@/two.git, version: v1}
	- {src: @URL@/three.git, version: v1}
EOT
kelpie 0 lock
cp requirements.lock saved.lock
requirements <<-'EOT'
	- {src: @URL@/one.git, version: v2}
	- {src: @URL@/two.git, version: v1, name: deux}
	- {src: @URL@/three.git, version: v1}
EOT
: >"$LOG"
kelpie 1 install -p roles --locked
expect err "requirements.yml:1:3: role 'one' is v2 here, and v1 in requirements.lock" \
    "requirements.yml:2:3: role 'deux' is not in requirements.lock" \
    "nobody asks for role 'two' any more" 'kelpie lock makes it right'
[ ! -e roles ] && [ ! -s "$LOG" ] || fail 'something was fetched'

kelpie 1 install -p roles --frozen
expect err "role 'deux' is not in requirements.lock, and --frozen"
sed -i '/deux/d' requirements.yml
kelpie 0 install -p roles --frozen
version_is roles one v1
[ ! -e roles/two ] || fail 'two was not asked for'
cmp requirements.lock saved.lock || fail '--frozen has written'

# Three stays as it was locked, although its tag has moved since.
git -C "$REPOS/three.git" tag -f v1 main >/dev/null
kelpie 0 install -p roles
version_is roles one v2
version_is roles three v1
expect out '1 updated, 1 already there' 'requirements.lock: 2 roles'
expect requirements.lock 'asked: v2' "commit: $(commit_of one v2)"
expect_no requirements.lock two

# The two flags need the file.
rm requirements.lock
for flag in --locked --frozen; do
	kelpie 1 install -p roles $flag
	expect err "no 'requirements.lock', which $flag needs"
done

# A dependency that the lock file does not have.
DEPENDENCIES="[{src: 'git+$URL/three.git', name: three}]" make_role four v1
requirements <<-'EOT'
	- {src: @URL@/four.git, version: v1}
EOT
kelpie 0 lock
sed -i '/^- name: three/,/^  - four/d' requirements.lock
kelpie 1 install -p new --locked
expect err "role 'three' is not in the lock file"
[ ! -e new/three ] || fail 'three is there'
kelpie 0 install -p new
expect requirements.lock '^- name: three'

# Damage has its place.
while IFS='|' read -r change said; do
	rm -f requirements.lock
	kelpie 0 lock
	sed -i "$change" requirements.lock
	kelpie 1 install -p roles
	expect err "$said"
done <<'EOT'
2s/1/2/|requirements.lock:2:10: version 2 of the lock file is newer
5s/name/nome/|requirements.lock:5:3: unknown key 'nome'
s/commit: ../commit: z/|requirements.lock:[0-9]+:11: .* is not a commit id
4s/.*/<<<<<<< HEAD/|requirements.lock:4:1: a merge was not finished here
3s/roles/"roles/|requirements.lock:[0-9]+:[0-9]+: .
EOT
