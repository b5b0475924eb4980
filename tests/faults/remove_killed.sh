#!/bin/sh
# kelpie remove and prune beside others: they wait for the lock; killed at any
# moment, they leave each role there or not, never half, and the next run
# clears up.
. "$(dirname "$0")/../cmd/lib.sh"
need flock
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 install -p roles
# Somebody else has the lock.
mkfifo held go
background sh -c 'exec 9<>roles/.kelpie/lock; flock 9; echo >held; read -r _ <go'
read -r _ <held
start_kelpie remove -p roles one
wait_for 'the word that it waits' grep -q 'is at work in .*waiting' err
[ -d roles/one ] || fail 'removed without the lock'
echo >go
ended_with 0
expect out '^one: removed v1'
[ ! -e roles/one ] || fail 'still there'
# Killed: a role with many files is gone from its place all at once.
for round in $(seq "$KELPIE_ROUNDS"); do
	for name in $(seq 20); do
		mkdir -p "roles/r$name/meta" "roles/r$name/files"
		echo 'version: 1.0' >"roles/r$name/meta/.galaxy_install_info"
		(cd "roles/r$name/files" && seq 100 | xargs touch)
	done
	# shellcheck disable=SC2046 # names
	start_kelpie remove -p roles $(seq -f 'r%.0f' 20)
	wait_for 'the first' grep -q "r$((round % 20 + 1)): removed" out
	# It may have ended by itself.
	kill -9 "$kelpie_pid" 2>/dev/null || :
	wait "$kelpie_pid" || [ $? -eq 137 ] || fail 'another end'
	for name in $(seq 20); do
		[ ! -e "roles/r$name" ] ||
		    [ "$(find "roles/r$name" -type f | wc -l)" -eq 101 ] ||
		    fail "half of r$name is left"
	done
	kelpie 0 install -p roles
	no_litter roles
	find roles -mindepth 1 -maxdepth 1 -name 'r*' -printf '%f\n' >left
	# shellcheck disable=SC2046 # names
	[ ! -s left ] || kelpie 0 remove -p roles $(cat left)
done
