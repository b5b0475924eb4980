#!/bin/sh
# Roles of a Galaxy by their names: the newest version is the highest by
# semantic version, a release before what comes before it, with or without a
# v; over several pages; the branch where there is no version at all.
# labels: core
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 1.2.0 1.10.0 1.9.0
make_role rc 1.0.0 2.0.0-rc1 2.0.0
make_role v 1.0.0 v1.1.0
make_role many 1.119.0
make_role none
python3 - "$(commit_of one 1.10.0)" >galaxy.json <<'EOT'
import json, sys
def role(number, repo, *versions):
    return {"id": number, "github_user": "me", "github_repo": repo,
            "github_branch": "main", "versions": list(versions)}
json.dump({"roles": {
    "me.one": role(1, "one", "1.0.0", "1.2.0",
                   {"name": "1.10.0", "commit_sha": sys.argv[1]}, "1.9.0"),
    "me.rc": role(2, "rc", "1.0.0", "2.0.0-rc1", "2.0.0"),
    "me.v": role(3, "v", "1.0.0", "v1.1.0"),
    "me.many": role(4, "many", *("1.%d.0" % n for n in range(120))),
    "me.none": role(5, "none"),
}}, sys.stdout)
EOT
serve_galaxy galaxy.json
on_github
requirements <<EOT
- me.one
- src: me.rc
- {name: me.v}
- me.many
- me.none
EOT
kelpie 0 install -p roles -s "$GALAXY"
grep -q 'one 1.10.0}' roles/me.one/tasks/main.yml || fail 'not 1.10.0'
grep -q 'rc 2.0.0}' roles/me.rc/tasks/main.yml || fail 'not 2.0.0 of me.rc'
grep -q 'v v1.1.0}' roles/me.v/tasks/main.yml || fail 'not v1.1.0 of me.v'
grep -q 'many 1.119.0}' roles/me.many/tasks/main.yml || fail 'not 1.119.0'
grep -q 'none main}' roles/me.none/tasks/main.yml || fail 'not the branch'
asked 3 'roles/4/versions/'
# Which version it is stands in the install info, as ansible-galaxy has it.
expect roles/me.one/meta/.galaxy_install_info '^version: 1\.10\.0$'
expect roles/me.v/meta/.galaxy_install_info '^version: v1\.1\.0$'
expect roles/me.none/meta/.galaxy_install_info '^version: main$'
# The commit that the Galaxy names is fetched as such, with one request.
[ "$(grep -c '^POST /one.git/' "$LOG")" -eq 1 ] || fail "$(cat "$LOG")"
no_litter roles
# Once there, nobody is asked again.
: >"$GLOG"
: >"$LOG"
kelpie 0 install -p roles -s "$GALAXY"
expect_nothing_to_do 5
asked 0
[ "$(requests)" -eq 0 ] || fail 'the network was asked'
