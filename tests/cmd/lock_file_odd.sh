#!/bin/sh
# A lock file that is no file is told, and nobody waits at it; one that somebody
# else writes while a run is under way stays as they wrote it.
. "$(dirname "$0")/lib.sh"
need flock timeout
make_role one v1 v2
make_role two v1 v2
requirements <<'EOT'
- {src: git+file://@REPOS@/one.git, name: one, version: v1}
- {src: git+file://@REPOS@/two.git, name: two, version: v1}
EOT
kelpie 0 install --lock -p roles
cp requirements.lock saved.lock
cp requirements.yml saved.yml

for make in mkfifo mkdir; do
	rm -f requirements.lock
	$make requirements.lock
	for verb in lock 'install -p roles' 'update -p roles' \
	    'outdated -p roles' download; do
		# shellcheck disable=SC2086 # words
		expect_status 1 timeout 10 "$KELPIE" $verb
		expect err '^kelpie: requirements.lock: is no file$'
	done
	expect_status 2 timeout 10 "$KELPIE" verify -p roles
	rm -rf requirements.lock
done
: >requirements.lock
kelpie 1 lock
expect err 'requirements.lock:1:1: the file is empty; without it'

sed 's/\(two.*\)v1/\1v2/' saved.yml >moved.yml
kelpie 0 lock -r moved.yml
# hold: somebody has the roles directory until 'go' is written to.
hold()
{
	rm -f held go
	mkfifo held go
	background sh -c 'exec 9<>roles/.kelpie/lock; flock 9; echo >held; read -r _ <go'
	read -r _ <held
}
waiting()
{
	wait_for 'the word that it waits' grep -q 'is at work in .*waiting' err
}
# While it waits for the roles directory, another one moves 'two' in both files.
cp saved.lock requirements.lock
cp saved.yml requirements.yml
hold
start_kelpie update --write -p roles one
waiting
cp moved.lock requirements.lock
cp moved.yml requirements.yml
echo >go
ended_with 1
expect err "^kelpie: somebody else has changed 'requirements.lock' meanwhile, and it stays as it is; run it again\$"
cmp requirements.lock moved.lock
cmp requirements.yml moved.yml
kelpie 0 update --write -p roles one
version_is roles one v2
version_is roles two v2
kelpie 0 lock --check
kelpie 0 install -p roles --locked
expect_nothing_to_do 2
kelpie 0 verify -p roles

# Who does the same is in nobody's way.
rm -r requirements.lock roles/one
hold
start_kelpie install --lock -p roles
waiting
kelpie 0 lock
echo >go
ended_with 0
kelpie 0 lock --check
