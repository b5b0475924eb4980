#!/bin/sh
# Certificates of a Galaxy, and of what it names, are checked unless -c,
# ignore_certs or validate_certs say otherwise.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_ca ca
make_role one 1.0.0
cat >galaxy.json <<'EOT'
{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
    "versions": ["1.0.0"]}}}
EOT
on_github --cert ca-host.pem --key ca-host.key
serve_galaxy galaxy.json --cert ca-host.pem --key ca-host.key
is_there()
{
	grep -q 'one 1.0.0}' roles/me.one/tasks/main.yml || fail 'no role'
	rm -rf roles
}
kelpie 1 install -p roles -s "$GALAXY" me.one
expect err '[cC]ertificate'
asked 0
kelpie 0 install -p roles -s "$GALAXY" --ca-file ca.pem me.one
is_there
kelpie 0 install -p roles -s "$GALAXY" -c me.one
is_there
printf '[galaxy]\nignore_certs = yes\nserver = %s\n' "$GALAXY" >ansible.cfg
kelpie 0 install -p roles me.one
is_there
ANSIBLE_GALAXY_IGNORE=no kelpie 1 install -p roles me.one
expect err '[cC]ertificate'
rm ansible.cfg
ANSIBLE_GALAXY_IGNORE=true kelpie 0 install -p roles -s "$GALAXY" me.one
is_there
# It holds for a repository that is no Galaxy's, too.
kelpie 1 install -p roles "git+$URL/one.git,1.0.0"
kelpie 0 install -p roles -c "git+$URL/one.git,1.0.0"
# One server of a list: its own word counts, for itself alone.
cat >ansible.cfg <<EOT
[galaxy]
server_list = it
[galaxy_server.it]
url = $GALAXY
validate_certs = no
EOT
rm -rf roles
: >"$GLOG"
kelpie 1 install -p roles me.one
expect err '[cC]ertificate'
asked 1 '/versions/'
sed -i 's/^validate_certs = no/validate_certs = yes/' ansible.cfg
kelpie 1 install -p roles -c me.one
asked 1 '/versions/'
