#!/bin/sh
# A Galaxy that fails: what may pass is tried again; a list of versions that
# does not come fails the role, and nothing that nobody asked for is
# installed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0
make_role two 2.0.0
cat >galaxy.json <<'EOT'
{"roles": {
    "me.dead": {"id": 1, "github_user": "me", "github_repo": "one",
	"github_branch": "main", "versions": ["1.0.0"],
	"fail": {"versions": "*:500"}},
    "me.late": {"id": 2, "github_user": "me", "github_repo": "one",
	"versions": ["1.0.0"],
	"fail": {"role": "1:503:1", "versions": "1:cut"}},
    "me.busy": {"id": 3, "github_user": "me", "github_repo": "two",
	"versions": ["2.0.0"], "fail": {"versions": "1:429:1"}},
    "me.odd": {"id": 4, "github_user": "me", "github_repo": "two",
	"versions": ["2.0.0"], "fail": {"role": "1:520"}},
    "me.away": {"id": 5, "github_user": "me", "github_repo": "two",
	"versions": ["2.0.0"], "next_link": "http://127.0.0.2:1/x"},
    "me.html": {"id": 6, "github_user": "me", "github_repo": "two",
	"raw": "<!DOCTYPE html>"}
}}
EOT
serve_galaxy galaxy.json
on_github
export KELPIE_RETRIES=2
kelpie 1 install -p roles -s "$GALAXY" me.dead
expect err 'me\.dead.*versions of role .me\.dead.: the server answers with status 500'
[ ! -e roles/me.dead ] || fail 'a branch was installed'
[ "$(requests)" -eq 0 ] || fail 'a repository was asked'
asked 3 'roles/1/versions/'
# What failed once has not failed.
kelpie 0 install -p roles -s "$GALAXY" me.late me.busy me.odd
grep -q 'one 1.0.0}' roles/me.late/tasks/main.yml || fail 'not me.late'
grep -q 'two 2.0.0}' roles/me.busy/tasks/main.yml || fail 'not me.busy'
grep -q 'two 2.0.0}' roles/me.odd/tasks/main.yml || fail 'not me.odd'
# Nonsense is not tried again.
: >"$GLOG"
kelpie 1 install -p roles -s "$GALAXY" me.away me.html
expect err 'me\.away.*goes on at a place that is not on this server' \
    'me\.html.*not JSON'
asked 2 'versions/'
no_litter roles
# A page for people, and a server without roles.
serve_galaxy galaxy.json --mode html
kelpie 1 install -p roles -s "$GALAXY" me.one
expect err "$GALAXY: the server answers with an HTML page, not with JSON"
echo '{"v1": null, "roles": {}}' >v3.json
serve_galaxy v3.json
kelpie 1 install -p roles -s "$GALAXY" me.one
expect err "$GALAXY: the server has no API for roles \(v1\)"
# A redirect to another server is not followed, and nothing is sent there.
serve_galaxy galaxy.json
elsewhere=$GALAXY
other=$GLOG
serve_galaxy galaxy.json --mode "redirect:$elsewhere"
kelpie 1 install -p roles2 -s "$GALAXY" --token s3crt me.odd
expect err "sends to another one, '$elsewhere"
[ ! -s "$other" ] || fail "the other server was asked: $(cat "$other")"
expect_no err s3crt
# Silence ends.
serve_galaxy galaxy.json --mode stall
KELPIE_RETRIES=0 kelpie 1 install -p roles2 --timeout 1 -s "$GALAXY" me.odd
expect err 'not a byte from the server for 1 seconds'
