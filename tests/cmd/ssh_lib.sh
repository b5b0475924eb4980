# shellcheck shell=sh
# ssh_lib.sh - a real sshd on loopback.  Sourced by tests behind lib.sh.
#
# The user of the test logs in as himself.  ssh reads $T/ssh/config and
# nothing of the user's own; kelpie's control sockets are below $RUN, which
# is short enough for them.
need ssh sshd ssh-keygen git

SSH=$T/ssh
RUN=$(mktemp -d /tmp/k.XXXXXX)
at_exit "rm -rf '$RUN'"
export XDG_RUNTIME_DIR="$RUN"
me=$(id -un)
mkdir "$SSH"

# make_key NAME TYPE
make_key()
{
	ssh-keygen -q -t "$2" -N '' -C "$1" -f "$SSH/$1"
}

# known_host KEY: this is what the user knows of the server.
known_host()
{
	printf '[127.0.0.1]:%s %s\n' "$SSH_PORT" "$(cat "$SSH/$1.pub")" \
	    >"$SSH/known_hosts"
}

# ssh_config [LINE...]: the user's.
# shellcheck disable=SC2120 # tests give lines
ssh_config()
{
	{
		printf '%s\n' "$@"
		cat <<-END
			IdentityFile $SSH/id
			IdentitiesOnly yes
			IdentityAgent none
			UserKnownHostsFile $SSH/known_hosts
			GlobalKnownHostsFile /dev/null
		END
	} >"$SSH/config"
	export GIT_SSH_COMMAND="ssh -F '$SSH/config'"
}

sshd_answers()
{
	ssh -F "$SSH/config" -o BatchMode=yes -p "$SSH_PORT" 127.0.0.1 true \
	    2>"$T/answer"
}

# start_sshd [LINE...]: lines of its configuration go in front of these.
# Sets $SSHD, $SSH_PORT, $SSH_LOG and $SSH_URL.
start_sshd()
{
	sshd=$(command -v sshd)
	if [ "$(id -u)" -eq 0 ] && ! [ -d /run/sshd ]; then
		mkdir -m 755 /run/sshd
	fi
	SSH_PORT=$(free_port)
	SSH_LOG=$SSH/log.$SSH_PORT
	# shellcheck disable=SC2034 # for the tests
	SSH_URL=ssh://$me@127.0.0.1:$SSH_PORT$REPOS
	{
		printf '%s\n' "$@"
		cat <<-END
			Port $SSH_PORT
			ListenAddress 127.0.0.1
			HostKey $SSH/host
			AuthorizedKeysFile $SSH/authorized_keys
			PidFile none
			StrictModes no
			UsePAM no
			PermitRootLogin yes
			PasswordAuthentication no
			KbdInteractiveAuthentication no
			LogLevel VERBOSE
			MaxStartups 100
			SetEnv GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TRACE_PACKET=$SSH/trace
		END
	} >"$SSH/sshd_config"
	[ -f "$SSH/host" ] || make_key host ed25519
	if ! [ -f "$SSH/id" ]; then
		make_key id ed25519
		cp "$SSH/id.pub" "$SSH/authorized_keys"
	fi
	background "$sshd" -D -f "$SSH/sshd_config" -E "$SSH_LOG"
	# shellcheck disable=SC2034 # for the tests
	SSHD=$pid
	known_host host
	# shellcheck disable=SC2119
	ssh_config
	wait_for "sshd" grep -q 'Server listening' "$SSH_LOG"
	# An account may be locked, or have no shell.
	sshd_answers || [ "$(id -u)" -eq 0 ] ||
	    skip "$me may not log in here: $(tail -n 1 "$T/answer")"
	rm -f "$SSH/trace"
	: >"$SSH_LOG"
}

# How often a client has logged in, and started git.
logins()
{
	grep -c 'Accepted publickey' "$SSH_LOG" || :
}

sessions()
{
	grep -c 'Starting session: command' "$SSH_LOG" || :
}

# The ssh processes of this test.
ssh_processes()
{
	python3 -c '
import os, sys
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open("/proc/%s/environ" % pid, "rb") as f:
            ours = ("TMPDIR=" + sys.argv[1]).encode() in f.read().split(b"\0")
        with open("/proc/%s/comm" % pid) as f:
            if ours and f.read().strip() == "ssh":
                print(pid)
    except OSError:
        pass
' "$TMPDIR"
}

no_ssh_process()
{
	[ -z "$(ssh_processes)" ]
}

# Nothing is left of a run: no process, no directory.
no_ssh_left()
{
	no_ssh_process || fail "ssh still runs: $(ssh_processes)"
	[ -z "$(ls -A "$RUN")" ] || fail "left in $RUN: $(ls -A "$RUN")"
}
