#!/bin/sh
# kelpie list and info: odd names, roles in directories of their own, no
# password, damaged states, directories that cannot be read.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: "git+file://@REPOS@/one.git", version: v1, name: a/b}
- {src: "git+file://@REPOS@/one.git", version: v1, name: rôle}
- {src: "git+file://@REPOS@/one.git", version: v1, name: "with space"}
EOT
kelpie 0 install -p roles
kelpie 0 list -p roles
sed 's/   *.*//' out >out.names
expect_out out.names <<-EOT
	a/b
	rôle
	with space
EOT
kelpie 0 info -p roles a/b
expect out '^a/b$' "^  path: $T/roles/a/b$"
kelpie 1 info -p roles a
expect err '^kelpie: a: is not installed'
# Names of other tools may hold any byte.
python3 - <<'EOT'
import os
for name in (b"\xff\xfe", b"\x1b[31mred", b"quote\"back\\slash", b"line\nfeed"):
    os.makedirs(b"odd/" + name + b"/meta")
    with open(b"odd/" + name + b"/meta/.galaxy_install_info", "wb") as f:
        f.write(b"install_date: x\nversion: \"\\e[2J\\u20ac\"\n")
EOT
mv requirements.yml away.yml
kelpie 0 list -p odd
tr -d '\n' <out >out.flat
expect_plain out.flat
[ "$(wc -l <out)" -eq 4 ] || fail 'not one line a role'
kelpie 0 list -p odd --json
python3 - "$T/out" <<'EOT' || fail 'the JSON is not what it should be'
import json, sys
text = open(sys.argv[1], "rb").read()
assert all(c == 10 or 32 <= c < 127 for c in text)
roles = json.loads(text)["paths"][0]["roles"]
names = [r["name"] for r in roles]
assert names == ["\x1b[31mred", "line\nfeed", "quote\"back\\slash", "\ufffd\ufffd"], names
assert {r["version"] for r in roles} == {"\x1b[2J\u20ac"}
assert {r["installed"] for r in roles} == {None}
EOT
mv away.yml requirements.yml
# No password is shown, nor what is in the place of one.
sed 's|file://|https://me:secret@example.org|' roles/.kelpie/state >state
cat state >roles/.kelpie/state
for command in 'list' 'list --json' 'info rôle' 'info --json rôle'; do
	# shellcheck disable=SC2086 # words
	kelpie 0 $command -p roles
	expect_no out secret
done
# A damaged state is told, with what to do.
echo rubbish >>roles/.kelpie/state
for command in list 'info a/b' 'remove a/b' 'prune --yes'; do
	# shellcheck disable=SC2086 # words
	kelpie 1 $command -p roles
	expect err 'roles: .kelpie/state:5: .*can be removed'
done
rm roles/.kelpie/state
kelpie 0 list -p roles rôle
expect out '^rôle  v1 '
[ "$(id -u)" -ne 0 ] || exit 0
mkdir -m 0 closed roles/closed
kelpie 1 list -p closed
expect err "open the roles directory '$T/closed': Permission denied"
kelpie 1 list -p roles
expect err "'closed': Permission denied"
expect out '^rôle '
