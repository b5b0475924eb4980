#!/bin/sh
# Roles come through the user's ssh: one login, 40 sessions, version 2 of the
# protocol; all ways to write an ssh source; nothing is left behind.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh_lib.sh"

for n in $(seq 40); do
	make_role "role$n" v1
done
start_sshd 'AcceptEnv GIT_PROTOCOL'

for n in $(seq 40); do
	echo "- {src: $SSH_URL/role$n.git, scm: git, version: v1}"
done >r.yml
kelpie 0 install -r r.yml -p roles
expect out '40 installed'
for n in $(seq 40); do
	version_is roles "role$n" v1
done
no_litter roles
no_ssh_left
[ "$(logins)" -eq 1 ] || fail "$(logins) logins"
[ "$(sessions)" -eq 40 ] || fail "$(sessions) sessions"
expect "$SSH/trace" 'upload-pack< command=ls-refs' 'upload-pack< command=fetch'
expect_no "$SSH/trace" 'upload-pack> [0-9a-f]{40} HEAD'
kelpie 0 install -r r.yml -p roles
expect_nothing_to_do 40
[ "$(logins)" -eq 1 ] || fail "a login for nothing"

# Both forms, with what the user's configuration knows of a host.
ssh_config 'Host there' "User $me" 'HostName 127.0.0.1' "Port $SSH_PORT" \
    'Host *'
commit=$(commit_of role4 v1)
cat >forms.yml <<END
- {src: ssh://there$REPOS/role1.git, scm: git, version: v1, name: one}
- {src: there:$REPOS/role2.git, scm: git, version: main, name: two}
- {src: '$me@there:$REPOS/role3.git', scm: git, name: three}
- {src: git+ssh://there$REPOS/role4.git, version: $commit, name: four}
- {src: ssh://there$REPOS/role5.git, scm: git, version: main~1, name: five}
END
kelpie 0 install -r forms.yml -p roles
for pair in 'one:role1 v1' 'two:role2 main' 'three:role3 main' \
    'four:role4 v1' 'five:role5 v1'; do
	grep -q "msg: ${pair#*:}}" "roles/${pair%%:*}/tasks/main.yml" ||
	    fail "$pair"
done
no_ssh_left
