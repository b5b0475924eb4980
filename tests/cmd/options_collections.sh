#!/bin/sh
# A file with roles and collections: the roles are installed, and the
# collections handed on to ansible-galaxy, which gets the options that mean
# them too; -p and role install leave them out.
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
make_role one v1 v2
alone
next_one
requirements both.yml <<EOT
roles:
- {src: git+file://@REPOS@/one.git, version: v1}
collections:
- name: a.b
EOT
echo 'collections: [a.b, c.d]' >only.yml
with=$T/bin:$T/next:$T/few
PATH=$with
export ANSIBLE_ROLES_PATH="$T/roles"
kelpie 0 install -r both.yml
version_is roles one v1
called_with '[collection][install][-r][both.yml]'
cp both.yml requirements.yml
kelpie 0 install -s http://127.0.0.1:9/ --token T -c --timeout 9 -f -n -i -vv
called_with '[collection][install][-r][requirements.yml][--server][http://127.0.0.1:9/][--token][T][--timeout][9][--ignore-certs][--force][--no-deps][--ignore-errors][-v][-v]'
rm requirements.yml
KELPIE_OFFLINE=1 kelpie 0 install -r both.yml -r only.yml --force-with-deps
called_with '[collection][install][-r][both.yml][--force-with-deps][--offline]' \
    '[collection][install][-r][only.yml][--force-with-deps][--offline]'
galaxy 0 install -r both.yml --keyring 'k k' --disable-gpg-verify
called_with '[collection][install][-r][both.yml][--keyring][k k][--disable-gpg-verify]'
galaxy 0 install -r both.yml one
called_with '[collection][install][-r][both.yml]'

# Left out, and said.
for words in 'install -p roles' 'install -proles' 'role install'; do
	# shellcheck disable=SC2086
	kelpie 0 $words -r both.yml
	expect err '^kelpie: warning: the collections of both\.yml are left out; ansible-galaxy collection install -r both\.yml'
done
galaxy 0 install -r both.yml --roles-path=roles
expect err "^\\[WARNING\\]: The requirements file '$T/both\\.yml' contains collections which will be ignored\\."
galaxy 0 install -r only.yml -p roles
expect out '^Skipping install, no requirements found$'
galaxy 0 role install -r both.yml
[ ! -s err ] || fail 'something on standard error'
kelpie 0 install -r both.yml one
kelpie 0 install -r both.yml --dry-run
kelpie 0 install -r - <both.yml
expect err 'warning: .*standard input .*left out'
[ ! -e called ] || fail "called: $(cat called)"

# Its exit status counts, after the roles are there; a role that fails does
# not keep the collections away, and counts too.
next_one "$T/next" 9
rm -r roles
kelpie 1 install -r both.yml
version_is roles one v1
galaxy 9 install -r both.yml
next_one "$T/next" 0
sed 's/version: v1/version: v9/' both.yml >bad.yml
rm called
kelpie 1 install -r bad.yml
called_with '[collection][install][-r][bad.yml]'
galaxy 1 install -r bad.yml
called_with '[collection][install][-r][bad.yml]'
kelpie 0 install -i -r bad.yml
called_with '[collection][install][-r][bad.yml][--ignore-errors]'
# A fault of the file: nothing is begun.
echo '- {version: v1}' >fault.yml
kelpie 1 install -r fault.yml -r only.yml
[ ! -e called ] || fail 'it was called all the same'

# None on PATH.
PATH=$T/bin:$T/few
kelpie 1 install -r both.yml
expect err "^kelpie: the collections of 'both\\.yml' were NOT installed: there is no ansible-galaxy on PATH"
galaxy 1 install -r both.yml
expect err "^ERROR! the collections of 'both\\.yml' were NOT installed: there is no other"

# Signals reach it.
PATH=$with
cat >next/ansible-galaxy <<-END
	#!/bin/sh
	trap 'echo ended >>$T/called; exit 0' TERM
	echo begun >$T/called
	while :; do sleep 0.01; done
END
start_kelpie install -r both.yml
wait_for 'the call' test -s called
kill -TERM "$kelpie_pid"
ended_with 0
printf '%s\n' begun ended | expect_out called
cat >next/ansible-galaxy <<-END
	#!/bin/sh
	echo \$\$ >$T/called
	exec sleep 60
END
rm called
start_kelpie install -r both.yml
wait_for 'the call' test -s called
kill -TERM "$kelpie_pid"
ended_killed Terminated
# shellcheck disable=SC2046
ended $(cat called) || fail 'it lives on'
