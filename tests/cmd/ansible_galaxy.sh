#!/bin/sh
# ansible-galaxy lists what kelpie installed and finds nothing to do, and
# the other way round.
# labels: timeout=240
. "$(dirname "$0")/lib.sh"
need ansible-galaxy
: >empty.cfg
export ANSIBLE_CONFIG="$T/empty.cfg"
for role in one two three; do
	make_role $role v1 1.10
done
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git, version: "1.10"}
- {src: git+file://@REPOS@/three.git}
EOT
kelpie 0 install -p ours
expect_status 0 ansible-galaxy role list -p ours
expect out '^- one, v1$' '^- two, 1\.10$' '^- three, '
expect_no out '\.kelpie'
expect_status 0 ansible-galaxy role install -r requirements.yml -p ours
expect out 'one \(v1\) is already installed' 'two \(1\.10\) is already installed' \
    'three .*is already installed'
expect_no out 'extracting'
expect_no err 'is already installed - use --force'
expect_status 0 ansible-galaxy role install -r requirements.yml -p theirs
kelpie 0 install -p theirs
expect_nothing_to_do 3
# Both wrote the same trees.
for role in one two three; do
	rm -f theirs/$role/meta/.galaxy_install_info
	same_tree theirs/$role ours/$role
done
