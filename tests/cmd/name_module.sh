#!/bin/sh
# The module community.general.ansible_galaxy_install, which runs
# ansible-galaxy and reads what it says: changed, not changed, changed again
# for another version, with a name as with a file; a failure is one.
# labels: slow timeout=300
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
need ansible-playbook
ansible-doc -t module community.general.ansible_galaxy_install >doc 2>&1 ||
    skip 'no module community.general.ansible_galaxy_install here'
make_role me.one 1.0.0 1.2.0
make_role me.two 2.0.0
requirements <<EOT
- {src: git+file://@REPOS@/me.one.git, version: 1.0.0}
- {src: git+file://@REPOS@/me.two.git, version: 2.0.0}
EOT
cat >site.yml <<EOT
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
  - community.general.ansible_galaxy_install:
      type: role
      requirements_file: $T/requirements.yml
      dest: $T/roles
    register: result
  - debug: {msg: "changed={{ result.changed }} new={{ result.new_roles }}"}
  - debug: {msg: "before={{ result.installed_roles }}"}
EOT
play()
{
	expect_status "$1" ansible-playbook site.yml
}
play 0
expect out "changed=True new=\{'me\.one': '1\.0\.0', 'me\.two': '2\.0\.0'\}"
version_is roles me.one 1.0.0
play 0
expect out 'changed=False new=\{\}' \
    "$T/roles': \{'me\.one': '1\.0\.0', 'me\.two': '2\.0\.0'\}"
sed 's/1\.0\.0/1.2.0/' requirements.yml >new && mv new requirements.yml
play 0
expect out "changed=True new=\{'me\.one': '1\.2\.0'\}"
version_is roles me.one 1.2.0
play 0
expect out 'changed=False'
# One role by its source, made sure of again.
sed "s|requirements_file:.*|name: git+file://$REPOS/me.two.git,2.0.0|
    s|dest:.*|dest: $T/more\\n      force: true|" site.yml >new && mv new site.yml
for _ in 1 2; do
	play 0
	expect out "changed=True new=\{'me\.two': '2\.0\.0'\}"
done
sed 's/,2\.0\.0/,9.9.9/' site.yml >new && mv new site.yml
play 2
expect out 'was NOT installed successfully'
