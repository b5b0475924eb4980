#!/bin/sh
# Repositories of this machine: file://, a path, relative to the file, ~.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role a v1
make_role b v1
make_role c v1
make_role d v1
make_role e v1
mkdir deploy near
cp -R repos/c.git near/c.git
cp -R repos/d.git home/d.git
git clone -q repos/e.git work
requirements deploy/requirements.yml <<EOT
- git+file://@REPOS@/a.git,v1
- src: @REPOS@/b.git
  scm: git
  version: v1
- src: ../near/c.git
  scm: git
  version: v1
- src: git+~/d.git
  version: v1
- {src: "@REPOS@/../work", scm: git, name: e, version: v1}
EOT
kelpie 0 install -r deploy/requirements.yml -p roles
for role in a b c d e; do
	version_is roles "$role" v1
done
expect out '5 installed'
kelpie 0 install -r deploy/requirements.yml -p roles
expect_nothing_to_do 5
