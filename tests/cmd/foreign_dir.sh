#!/bin/sh
# What is no role is never replaced, not even with -f.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role dir v1
make_role file v1
make_role good v1
mkdir -p roles/dir/precious
echo mine >roles/dir/precious/data
echo mine >roles/file
requirements <<EOT
- {src: git+file://@REPOS@/dir.git, version: v1}
- {src: git+file://@REPOS@/file.git, version: v1}
- {src: git+file://@REPOS@/good.git, version: v1}
EOT
for force in '' -f; do
	# shellcheck disable=SC2086 # an option or nothing
	kelpie 1 install -p roles $force
	expect err '^dir: ' '^file: '
	grep -qx mine roles/dir/precious/data || fail 'dir was touched'
	grep -qx mine roles/file || fail 'file was touched'
	version_is roles good v1
done
