#!/bin/sh
# kill -9 of the parent: no worker lives on, no half role is there, and the
# same command heals.
# labels: core
. "$(dirname "$0")/../cmd/lib.sh"
[ -d /proc/self ] || skip 'no /proc here'
make_role one v1
make_role two v1
make_role three v1
serve --mode stall
bad=$URL
requirements <<EOT
- {src: git+file://@REPOS@/two.git, version: v1}
- {src: git+$bad/one.git, version: v1}
- {src: git+$bad/three.git, version: v1, name: other}
EOT
start_kelpie install -p roles
wait_for 'requests' eval "[ \$(wc -l <'$LOG') -ge 2 ]"
workers=$(children "$kelpie_pid")
[ -n "$workers" ] || fail 'no workers'
kill -KILL "$kelpie_pid"
wait "$kelpie_pid" 2>/dev/null || :
# shellcheck disable=SC2086 # a list
wait_for 'the workers to end' ended $workers
for role in roles/*; do
	[ ! -e "$role" ] || [ -f "$role/meta/.galaxy_install_info" ] || fail "half: $role"
done
sed "s|$bad|file://$REPOS|" requirements.yml >healed.yml
kelpie 0 install -r healed.yml -p roles
version_is roles two v1
[ -f roles/other/meta/main.yml ] || fail 'no other'
no_litter roles
