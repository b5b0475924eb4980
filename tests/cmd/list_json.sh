#!/bin/sh
# kelpie list --json: one document with everything that is known.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git}
EOT
kelpie 0 install -p roles
mkdir -p roles/theirs/meta roles/plain/meta
printf 'install_date: Sun Nov 22 12:23:54 2026\nversion: 1.10.0\n' >roles/theirs/meta/.galaxy_install_info
echo '{}' >roles/plain/meta/main.yml
ln -s plain roles/dev
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v2}
- {src: git+file://@REPOS@/three.git}
EOT
kelpie 0 list -p roles --json
python3 - "$T" "$(commit_of one v1)" <<'EOT' || fail 'the JSON is not what it should be'
import json, re, sys
top, commit = sys.argv[1:]
doc = json.load(open(top + "/out"))
(path,) = doc["paths"]
assert path["path"] == top + "/roles" and path["exists"] is True
roles = {r["name"]: r for r in path["roles"]}
assert list(roles) == sorted(roles) == ["dev", "one", "plain", "theirs", "three", "two"]
one = roles["one"]
assert one["kind"] == "installed" and one["version"] == "v1"
assert one["commit"] == commit and one["ref"] == "refs/tags/v1"
assert one["source"] == "file://" + top + "/repos/one.git"
assert one["path"] == top + "/roles/one"
assert re.fullmatch("[0-9a-f]{64}", one["digest"])
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["installed"])
assert one["link"] is None and one["archive_sha256"] is None
assert one["requirement"] == "other version" and one["requirement_version"] == "v2"
assert roles["two"]["version"] is None and roles["two"]["requirement"] == "not asked for"
theirs = roles["theirs"]
assert theirs["version"] == "1.10.0" and theirs["commit"] is None
assert theirs["installed"] == "2026-11-22T12:23:54Z"
assert theirs["dependencies"] is None
assert roles["plain"]["kind"] == "plain"
assert roles["dev"]["kind"] == "link" and roles["dev"]["link"] == "plain"
assert roles["three"]["kind"] == "missing" and roles["three"]["path"] is None
assert roles["three"]["requirement"] == "missing"
keys = {frozenset(r) for r in roles.values()}
assert len(keys) == 1, keys
EOT
rm requirements.yml
kelpie 0 list -p roles --json one
python3 -c '
import json
(role,) = json.load(open("out"))["paths"][0]["roles"]
assert role["requirement"] is None' || fail 'held against nothing'
