#!/bin/sh
# Keys of users and hosts: what is right works, and what is not is told in
# words, with what to do; nothing waits for an answer that cannot come.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh_lib.sh"

make_role demo v1
start_sshd 'AcceptEnv GIT_PROTOCOL'
echo "- {src: $SSH_URL/demo.git, scm: git, version: v1}" >r.yml

install()
{
	rm -rf roles
	kelpie "$1" install -r r.yml -p roles --timeout 20
	no_litter roles
	no_ssh_left
}

use_key()
{
	cp "$SSH/$1" "$SSH/id"
	cp "$SSH/$1.pub" "$SSH/id.pub"
}

# Keys of the user's.
install 0
make_key rsa rsa
cat "$SSH/rsa.pub" >>"$SSH/authorized_keys"
use_key rsa
install 0
version_is roles demo v1
grep -q 'Accepted publickey.*RSA' "$SSH_LOG" || fail "no RSA key was used"

make_key stranger ed25519
use_key stranger
install 1
expect err 'takes none of our keys' "'ssh -p $SSH_PORT $me@127.0.0.1'" \
    'Permission denied' 'ssh-add'
[ "$(grep -c 'demo' err)" -le 2 ] || fail "too many words"

# One with a passphrase: nobody is asked.
ssh-keygen -q -t ed25519 -N secret -C locked -f "$SSH/locked"
cat "$SSH/locked.pub" >>"$SSH/authorized_keys"
use_key locked
install 1
expect err 'a key with a passphrase has to be in the agent: ssh-add'

# The same key in an agent.
if command -v ssh-agent >/dev/null && command -v ssh-add >/dev/null; then
	printf '#!/bin/sh\necho secret\n' >"$T/askpass"
	chmod 755 "$T/askpass"
	background ssh-agent -D -a "$RUN/agent" >/dev/null
	wait_for "the agent" test -S "$RUN/agent"
	SSH_AUTH_SOCK=$RUN/agent SSH_ASKPASS=$T/askpass \
	    SSH_ASKPASS_REQUIRE=force DISPLAY=: \
	    ssh-add "$SSH/locked" </dev/null 2>/dev/null
	sed -i "s|^IdentityAgent .*|IdentityAgent $RUN/agent|" "$SSH/config"
	rm -rf roles
	kelpie 0 install -r r.yml -p roles
	version_is roles demo v1
	stop "$pid"
	rm -f "$RUN/agent"
	no_ssh_left
	# shellcheck disable=SC2119 # no lines
	ssh_config
fi

# One that others may read.
cp "$SSH/rsa" "$SSH/id"
cp "$SSH/rsa.pub" "$SSH/id.pub"
chmod 644 "$SSH/id"
install 1
expect err 'a private key aside that others may read: chmod 600'
chmod 600 "$SSH/id"
install 0

# Keys of hosts.
: >"$SSH/known_hosts"
install 1
expect err 'the host key is not known: connect once with' \
    "'ssh -p $SSH_PORT $me@127.0.0.1'" 'ssh-keyscan'
known_host stranger
install 1
expect err 'the host key is not the one in known_hosts' 'ssh-keygen -R'
known_host host
install 0
version_is roles demo v1
