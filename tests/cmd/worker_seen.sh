#!/bin/sh
# What the system says of a worker that waits for its server: what it holds
# open, that it is confined, dumps no core (P18) and is nobody's to look into.
. "$(dirname "$0")/lib.sh"
[ "$(uname)" = Linux ] || skip 'this looks into /proc'
[ "$KELPIE_PORTABLE" = 0 ] || skip 'the portable build confines nothing'
cat >mute.py <<'EOT'
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    s.listen(8)
    print(s.getsockname()[1], flush=True)
    kept = [s.accept() for _ in range(8)]
EOT
background python3 mute.py >port
wait_for 'the port' test -s port
port=$(cat port)
mkfifo held
exec 8<>held 9</etc/hosts
background "$KELPIE" install -v -p roles "git+http://127.0.0.1:$port/x.git" \
    >out 2>err
parent=$pid
# The one that has a connection.
find_worker()
{
	# shellcheck disable=SC2013 # they stand in one line
	for worker in $(cat "/proc/$parent/task/$parent/children"); do
		awk '/^Seccomp/ {print $1 $2}' "/proc/$worker/status" >confined
		ls -l "/proc/$worker/fd" >fds 2>/dev/null || continue
		[ "$(grep -c 'socket:' fds)" -lt 2 ] || return 0
	done
	return 1
}
if [ "$(id -u)" -ne 0 ]; then
	[ -z "$KELPIE_SANITIZE" ] || skip 'sanitizers look into processes'
	children=/proc/$parent/task/$parent/children
	# shellcheck disable=SC2317 # wait_for calls it
	hidden()
	{
		worker=$(cut -d' ' -f1 "$children") && [ -n "$worker" ] &&
		    ! ls "/proc/$worker/fd"
	}
	wait_for 'a worker that cannot be looked into' hidden
	exit 0
fi
wait_for 'a worker' find_worker
sed -n 's/.* -> //p' fds | sort | uniq -c
# Standard streams that lead nowhere, the parent, the stage, the server; what
# was open when kelpie was started is not, nor is the lock.
expect_no fds '/hosts$' 'held$' 'lock$' 'ansible.cfg$' '/home'
grep -q 'stage/1$' fds || fail 'the stage is not there'
[ "$(grep -c -e ' -> ' fds)" -le 12 ] || fail "too much is open: $(cat fds)"
level=$(sed -n 's/^workers are confined by: //p' err)
case $level in
*seccomp) grep -qx 'Seccomp:2' confined || fail "no filter: $(cat confined)" ;;
esac
grep -q '^NoNewPrivs:.1$' "/proc/$worker/status" || fail 'new privileges'
grep -Eq '^Max core file size +0 +0 ' "/proc/$worker/limits" || fail 'cores'
[ -n "$KELPIE_SANITIZE" ] ||
    [ "$(stat -c %u "/proc/$worker/status")" -eq 0 ] || fail 'owner'
kill -KILL "$parent"
gone()
{
	! kill -0 "$worker"
}
wait_for 'the worker to go with its parent' gone
