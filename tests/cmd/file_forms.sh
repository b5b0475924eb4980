#!/bin/sh
# A map with roles:, strings and maps; collections are reported; a version
# is the text that was written.
. "$(dirname "$0")/lib.sh"
for role in r1 r2 r3 r4 r5; do
	make_role $role v1 1.10 1e3
done
requirements <<EOT
---
collections:
  - name: community.general
  - ansible.posix
roles:
  - git+file://@REPOS@/r1.git,1.10
  - git+file://@REPOS@/r2.git,v1,second
  - {src: "git+file://@REPOS@/r3.git", version: 1.10}
  - &base
    src: file://@REPOS@/r4.git
    scm: git
    version: 1e3
  - <<: *base
    src: file://@REPOS@/r5.git
EOT
kelpie 0 install -p roles
version_is roles r1 1.10
grep -q 'r2 v1' roles/second/tasks/main.yml || fail second
version_is roles r3 1.10
version_is roles r4 1e3
version_is roles r5 1e3
cat out err >all
expect all 'collections' 'requirements\.yml'
