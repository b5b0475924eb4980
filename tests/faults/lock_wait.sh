#!/bin/sh
# A holder of the lock that is stopped: the second run says for whom it waits,
# can be interrupted, gives up when it was told to, and goes on when the
# holder is dead.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
make_role two v1
make_role three v1
serve --mode stall
stalls="git+$URL/one.git,v1"
good="git+file://$REPOS/two.git,v1"
more="git+file://$REPOS/three.git,v1"
kelpie 0 install -p roles "$good" "$more"
background "$KELPIE" install -p roles "$stalls" 2>holder.err
holder=$pid
wait_for 'a request' test -s "$LOG"
kill -STOP "$holder"

kelpie 2 install -f -p roles --lock-wait 0 "$good"
expect err "another kelpie \(process $holder\) is at work in '$T/roles'" '--lock-wait'
expect_no err 'waiting'
KELPIE_LOCK_WAIT=0 kelpie 2 install -f -p roles "$good"
printf '[kelpie]\nlock_wait = 0\n' >ansible.cfg
kelpie 2 install -f -p roles "$good"
kelpie 2 remove -p roles two
rm ansible.cfg
kelpie 2 remove --lock-wait 0 -p roles two
expect err "process $holder"
echo "- {src: '$more', version: v1}" | sed 's/,v1//' >other.yml
kelpie 2 prune --lock-wait 0 --yes -r other.yml -p roles
echo "- {src: '$good'}" | sed "s/,v1'/', version: main/" >moves.yml
kelpie 2 update --lock-wait 0 --sync no -r moves.yml -p roles
expect err "process $holder"
[ ! -e moves.lock ] || fail 'locked although nothing was installed'
[ -d roles/two ] && [ -d roles/three ] || fail 'removed without the lock'
# What is in place needs no lock.
kelpie 0 install -p roles --lock-wait 0 "$good"
before=$(date +%s)
kelpie 2 install -f -p roles --lock-wait 1 "$good"
[ "$(date +%s)" -gt "$before" ] || fail 'it did not wait'
expect err "another kelpie \(process $holder\) is at work in .*; waiting"
for bad in x -1 ''; do
	kelpie 2 install --lock-wait "$bad" "$good"
	kelpie 2 remove --lock-wait "$bad" one
done

for signal in INT TERM HUP; do
	start_kelpie install -f -p roles "$good"
	wait_for 'the word that it waits' grep -q waiting err
	kill -$signal "$kelpie_pid"
	case $signal in
	INT) ended_killed Interrupt ;;
	TERM) ended_killed Terminated ;;
	HUP) ended_killed Hangup ;;
	esac
done

# What a lock file says that nobody has signed.
start_kelpie install -f -p roles "$good"
wait_for 'the word that it waits' grep -q waiting err
[ "$(grep -c waiting err)" -eq 1 ] || fail 'said more than once'
for content in '' '0' '99999999999999999999' 'x' '-5'; do
	printf '%s' "$content" >roles/.kelpie/lock
	kelpie 2 install -f -p roles --lock-wait 0 "$good"
	expect err 'another kelpie is at work'
done

# Dead, it blocks nobody.
kill -KILL "$holder"
ended_with 0
[ ! -e roles/one ] || fail 'half a role'
version_is roles two v1
no_litter roles
