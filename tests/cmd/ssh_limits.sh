#!/bin/sh
# Servers that share no connection, take one session in each, or drop who
# comes while three others log in: all 40 roles arrive all the same.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh_lib.sh"

for n in $(seq 40); do
	make_role "role$n" v1
done

install_all()
{
	for n in $(seq 40); do
		echo "- {src: $SSH_URL/role$n.git, scm: git, version: v1}"
	done >r.yml
	rm -rf roles
	kelpie 0 install -r r.yml -p roles "$@"
	expect out '40 installed'
	for n in $(seq 40); do
		version_is roles "role$n" v1
	done
	no_ssh_left
}

start_sshd 'MaxSessions 1' 'AcceptEnv GIT_PROTOCOL'
install_all
[ "$(logins)" -gt 1 ] || fail "one login for more than one session"
[ "$(sessions)" -eq 40 ] || fail "$(sessions) sessions"
stop "$SSHD"

# No session is shared: the master itself gets none.
start_sshd 'MaxSessions 1' 'MaxStartups 3:100:3'
install_all --retries 20
stop "$SSHD"

# A shared connection logs in once, and is not dropped.
start_sshd 'MaxStartups 3:100:3'
install_all --retries 0
[ "$(logins)" -eq 1 ] || fail "$(logins) logins"
stop "$SSHD"

# Sessions that have not ended count: the server takes eight, no more.
start_sshd 'MaxSessions 8' 'AcceptEnv GIT_PROTOCOL' \
    "ForceCommand sh -c \"\$SSH_ORIGINAL_COMMAND; sleep 0.2\""
install_all --retries 0
[ "$(logins)" -eq 1 ] || fail "$(logins) logins"
