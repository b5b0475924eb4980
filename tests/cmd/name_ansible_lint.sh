#!/bin/sh
# ansible-lint installs what the requirements file beside a playbook asks for
# before it looks at the playbook, which uses these roles.
# labels: slow timeout=300
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
need ansible-lint
make_role one v1
make_role two v1
requirements <<EOT
roles:
- {src: git+file://@REPOS@/one.git, version: v1, scm: git}
- {src: git+file://@REPOS@/two.git, version: v1, scm: git}
EOT
cat >site.yml <<EOT
---
- name: Use the roles
  hosts: localhost
  roles:
    - one
    - two
EOT
git init -q .
expect_status 0 ansible-lint -v site.yml
cat out err >words
expect words 'ansible-galaxy role install -vr requirements\.yml'
roles=$(find "$HOME" . -name .kelpie -type d | head -n 1)
[ -n "$roles" ] || fail 'it was not kelpie that it called'
version_is "${roles%/.kelpie}" one v1
version_is "${roles%/.kelpie}" two v1
sed 's/version: v1/version: v2/' requirements.yml >new && mv new requirements.yml
expect_status 1 ansible-lint site.yml
cat out err >words
expect words 'exit code while running: ansible-galaxy role install'
