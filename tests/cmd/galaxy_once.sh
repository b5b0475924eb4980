#!/bin/sh
# However many roles come of one name, a Galaxy is asked for it once, and so
# is its repository.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 1.1.0
cat >galaxy.json <<'EOT'
{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
    "versions": ["1.0.0", "1.1.0"]}}}
EOT
serve_galaxy galaxy.json
on_github
for n in $(seq 20); do
	echo "- {src: me.one, name: copy$n}"
done >requirements.yml
kelpie 0 install -p roles -s "$GALAXY"
for n in $(seq 20); do
	grep -q 'one 1.1.0}' "roles/copy$n/tasks/main.yml" ||
	    fail "copy$n is not there"
done
asked 1 'owner__username='
asked 1 '/versions/'
[ "$(grep -c 'git-upload-pack.* fetch' "$LOG")" -eq 1 ] ||
    fail "fetched more than once: $(cat "$LOG")"
