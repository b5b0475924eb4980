#!/bin/sh
# A kennel from its files to the end of a play: the real ansible-playbook
# finds the roles, the vault password and its own exit status.
# labels: slow
. "$(dirname "$0")/lib.sh"
need ansible-playbook ansible-vault
make_role one v1
make_role two v1
mkdir 'a kennel 50%'
cd 'a kennel 50%' || exit
requirements pupfile.yml <<-END
	---
	- { name: me.one, location: "git+@REPOS@/one.git,v1" }
	- { name: two, location: "git+file://@REPOS@/two.git" }
END
cat >kennel.cfg <<-END
	[kennel]
	vault_password_file = secret.txt
END
echo a password >secret.txt
echo 'secret: opened' >vars.yml
ansible-vault encrypt --vault-password-file secret.txt vars.yml >"$T/out" 2>&1 ||
    fail "ansible-vault"
cat >kennel.yml <<-END
	- hosts: localhost
	  gather_facts: false
	  vars_files: [vars.yml]
	  roles: [me.one, two]
	  tasks:
	    - debug: {msg: "the vault is {{ secret }}"}
	      tags: [vault]
	    - fail:
	      when: stop is defined
END
kelpie 0 run --install
expect "$T/out" 'me\.one: installed v1' '"msg": "one v1"' '"msg": "two main"' \
    '"msg": "the vault is opened"'
kelpie 2 run --ansible-args '-e "stop=yes also=x"' -- --tags all
expect "$T/out" 'failed=1'
kelpie 0 run -- --tags vault -e stop=yes
expect "$T/out" 'the vault is opened'
expect_no "$T/out" 'one v1'

# Without its roles, and from elsewhere.
cd "$T" || exit
kelpie 1 run 'a kennel 50%/kennel.yml' -- \
    --vault-password-file 'a kennel 50%/secret.txt'
expect "$T/err" "role 'me\.one' was not found"
kelpie 0 run --config-file 'a kennel 50%/kennel.cfg'
expect "$T/out" '"msg": "one v1"'

# A requirements file made of the pupfile brings the same.
cd 'a kennel 50%' || exit
kelpie 0 convert
kelpie 0 install -r requirements.yml -p other
for role in me.one two; do
	diff -r -x .galaxy_install_info ".kennel_roles/$role" "other/$role" ||
	    fail "$role is another"
done
rm -r .kennel_roles kennel.cfg
ANSIBLE_ROLES_PATH=other kelpie 0 run kennel.yml -- \
    --vault-password-file secret.txt
expect "$T/out" '"msg": "two main"'
