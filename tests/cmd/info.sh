#!/bin/sh
# kelpie info: what is known of a role, and what it says of itself.
. "$(dirname "$0")/lib.sh"
make_role common v1
git init -q -b main work
mkdir -p work/meta work/tasks
cat >work/meta/main.yml <<EOT
galaxy_info:
  author: A Person
  description: >
    Installs
    a thing.
  license: [MIT, ISC]
  min_ansible_version: 2.10
  platforms:
    - name: EL
      versions: [7, 8]
    - name: Debian
dependencies:
  - {src: 'git+file://$REPOS/common.git', version: v1}
EOT
echo '[]' >work/tasks/main.yml
git -C work add -A
git -C work commit -qm x
git -C work tag v1
kelpie 0 install -p roles "git+file://$T/work,v1,one"
sha=$(git -C work rev-parse v1)
kelpie 0 info -p roles one
sed -e "s/digest: [0-9a-f]\{64\}$/digest: D/" \
    -e "s/installed: 2[-0-9]*T[:0-9]*Z$/installed: W/" out >out.same
expect_out out.same <<EOT
one
  path: $T/roles/one
  version: v1
  source: file://$T/work
  ref: refs/tags/v1
  commit: $sha
  digest: D
  installed: W
  edited: no
  depends on: common v1
  author: A Person
  description: Installs a thing.
  license: MIT, ISC
  min_ansible_version: 2.10
  platforms: EL (7, 8), Debian
EOT
kelpie 0 info -p roles --json one common
python3 - "$sha" <<'EOT' || fail 'the JSON is not what it should be'
import json, sys
one, common = json.load(open("out"))["roles"]
assert one["commit"] == sys.argv[1] and one["edited"] is False
assert one["dependencies"] == ["common"] and common["dependencies"] == []
about = one["galaxy_info"]
assert about["author"] == "A Person" and about["license"] == "MIT, ISC"
assert about["description"] == "Installs a thing.\n"
assert about["company"] is None
assert about["platforms"] == [
    {"name": "EL", "versions": ["7", "8"]}, {"name": "Debian", "versions": []}]
EOT
echo '#' >>roles/one/tasks/main.yml
kelpie 0 info -p roles one
expect out '^  edited: yes$'
# Roles of other tools, of nobody, and links; faults are warned of.
mkdir -p roles/theirs/meta roles/plain/meta
printf 'install_date: Sun Nov 22 12:23:54 2026\nversion: 1.10.0\n' >roles/theirs/meta/.galaxy_install_info
printf 'galaxy_info:\n  author: "\\e[2J"\ndependencies: x\n' >roles/plain/meta/main.yml
ln -s one roles/dev
kelpie 0 info -p roles theirs plain dev
expect out '^  version: 1.10.0$' '^  installed: 2026-11-22T12:23:54Z$' \
    '^  edited: not known$' '^  link to: one$' '^  version: unknown version$' \
    '^  author: \\x1b\[2J$' '^  depends on: not known$'
expect err "plain: plain/meta/main.yml:3:15: 'dependencies' must be a list"
# No link in a role is followed.
echo 'galaxy_info: {author: secret}' >secret
rm roles/plain/meta/main.yml
ln -s ../../../secret roles/plain/meta/main.yml
kelpie 0 info -p roles plain
expect_no out secret
expect err 'meta/main.yml is a symbolic link'
# What is not there is status 1, and the others are shown.
mkdir roles/junk
kelpie 1 info -p roles nope one junk
expect err '^kelpie: nope: is not installed' '^kelpie: junk: is not installed'
expect out '^one$'
kelpie 1 info -p roles ../x
expect err "bad role name '../x'"
kelpie 1 info -p nowhere one
kelpie 2 info
expect err 'name the roles to show'
# Nothing was written or asked.
[ ! -e nowhere ] || fail 'a directory was made'
# The first of the paths.
mkdir -p other/one/meta
echo 'version: 9' >other/one/meta/.galaxy_install_info
kelpie 0 info -p other:roles one
expect out '^  version: 9$'
