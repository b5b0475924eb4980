#!/bin/sh
# Called ansible-galaxy: its lines on its streams, in the order of the file;
# a changed version is applied and all roles are tried.
# labels: core
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
make_role one v1 v2
make_role me.two 1.0.0
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/nosuch.git, version: v1}
- {src: git+file://@REPOS@/me.two.git, version: 1.0.0}
- {src: git+file://@REPOS@/one.git, name: head}
EOT
galaxy 1 role install -r requirements.yml -p roles
expect_out <<EOT
Starting galaxy role install process
- extracting one to $T/roles/one
- one (v1) was installed successfully
- extracting me.two to $T/roles/me.two
- me.two (1.0.0) was installed successfully
- extracting head to $T/roles/head
- head was installed successfully
EOT
expect err '^\[WARNING\]: - nosuch was NOT installed successfully: file://.*nosuch' \
    '^ERROR! - you can use --ignore-errors to skip failed roles and finish processing the list\.$'
[ "$(wc -l <err)" -eq 2 ] || fail 'more than two lines'
galaxy 0 install -ir requirements.yml --roles-path=roles
expect_out <<EOT
Starting galaxy role install process
- one (v1) is already installed, skipping.
- me.two (1.0.0) is already installed, skipping.
- head is already installed, skipping.
EOT
expect err '^\[WARNING\]: - nosuch was NOT installed'
[ "$(wc -l <err)" -eq 1 ] || fail 'more than one line'
sed '/nosuch/d; s/version: v1/version: v2/' requirements.yml >new.yml
galaxy 0 install -r new.yml -p roles me.two one
expect_out <<EOT
Starting galaxy role install process
- changing role one from v1 to v2
- extracting one to $T/roles/one
- one (v2) was installed successfully
- me.two (1.0.0) is already installed, skipping.
EOT
[ ! -s err ] || fail 'something on standard error'
galaxy 0 install -f "git+file://$REPOS/me.two.git,1.0.0" -p roles
expect out '^- changing role me\.two from 1\.0\.0 to 1\.0\.0$' \
    '^- me\.two \(1\.0\.0\) was installed successfully$'
version_is roles one v2
# The same entry twice.
requirements twice.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
galaxy 0 install -r twice.yml -p twice
expect out 'one \(v1\) was installed successfully'
tail -n 1 out >last
echo '- one (v1) is already installed, skipping.' | expect_out last
# A file that asks for nothing; "~" and variables in its name.
echo 'roles: []' >"$HOME/none.yml"
# shellcheck disable=SC2088,SC2016
for file in '~/none.yml' '$HOME/none.yml'; do
	galaxy 0 install --role-file="$file"
done
echo 'Skipping install, no requirements found' | expect_out
# Faults of a file.
echo '- {version: v1}' >bad.yml
galaxy 1 install -r bad.yml -p roles
expect err '^ERROR! .*bad\.yml:1:'
