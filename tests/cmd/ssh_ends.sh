#!/bin/sh
# However a run ends, no ssh process stays, and the directory of the control
# sockets goes: at once, or after a SIGKILL at the next start.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh_lib.sh"

# A server whose git starts and then says nothing.
make_role demo v1
cat >"$T/silent" <<END
#!/bin/sh
case \$SSH_ORIGINAL_COMMAND in git*) ;; *) exit 0 ;; esac
: >'$T/began'
exec sleep 1000
END
chmod 755 "$T/silent"
start_sshd "ForceCommand $T/silent"
echo "- {src: $SSH_URL/demo.git, scm: git, version: v1}" >r.yml

begin()
{
	rm -f "$T/began"
	start_kelpie install -r r.yml -p roles
	wait_for "the session" test -e "$T/began"
	! no_ssh_process || fail "no ssh runs"
	[ -n "$(ls -A "$RUN")" ] || fail "no directory"
}

begin
kill -INT "$kelpie_pid"
ended_killed Interrupt
no_ssh_left

begin
kill -TERM "$kelpie_pid"
ended_killed Terminated
no_ssh_left

# Behind a program of the user's a master does not know that we are gone.
for wrapped in no yes; do
	begin
	workers=$(children "$kelpie_pid")
	kill -KILL "$kelpie_pid"
	wait "$kelpie_pid" 2>/dev/null || :
	# Those behind a program of the user's may stay for a while.
	for worker in $workers; do
		case $(cat "/proc/$worker/comm" 2>/dev/null) in
		sh | ssh | wrapper) ;;
		*) wait_for "the end of worker $worker" ended "$worker" ;;
		esac
	done
	[ "$wrapped" = yes ] || [ "$KELPIE_PORTABLE" = 1 ] ||
	    wait_for "the end of ssh" no_ssh_process
	rm -f "$T/began"
	start_kelpie install -r r.yml -p roles
	wait_for "the session" test -e "$T/began"
	[ "$(find "$RUN" -name 'kelpie-ssh-*' | wc -l)" -eq 1 ] ||
	    fail "left in $RUN: $(ls -A "$RUN")"
	kill -INT "$kelpie_pid"
	ended_killed Interrupt
	wait_for "the end of ssh" no_ssh_process
	no_ssh_left
	printf '#!/bin/sh\nssh -F "%s/config" "$@"\n' "$SSH" >"$T/wrapper"
	chmod 755 "$T/wrapper"
	export GIT_SSH_COMMAND="$T/wrapper"
done

# A server that goes silent.
rm -rf roles
kelpie 1 install -r r.yml -p roles --timeout 1 --retries 0
expect err 'not a byte from the server for 1 seconds|no progress for'
no_ssh_left
