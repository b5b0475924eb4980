#!/bin/sh
# Several servers are asked in the order of the list: the next one where one
# does not know a role, has none, or cannot be reached.  Each gets its own
# token, and nobody else's.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 2.0.0
make_role two 1.0.0
cat >first.json <<'EOT'
{"root": "/one/api", "roles": {"me.one": {"id": 1, "github_user": "me",
    "github_repo": "one", "versions": ["1.0.0"]}}}
EOT
cat >second.json <<'EOT'
{"roles": {
    "me.one": {"id": 1, "github_user": "me", "github_repo": "one",
	"versions": ["2.0.0"]},
    "me.two": {"id": 2, "github_user": "me", "github_repo": "two",
	"versions": ["1.0.0"]}}}
EOT
on_github
serve_galaxy first.json --token t1
first=$GALAXY
first_log=$GLOG
serve_galaxy second.json --basic me:s3crt
second=$GALAXY
cat >ansible.cfg <<EOT
[galaxy]
server_list = first, second
[galaxy_server.first]
url = $first/one/
token = t1
[galaxy_server.second]
url = $second/api/
username = me
password = s3crt
EOT
is()
{
	grep -q "$2}" "roles/$1/tasks/main.yml" || fail "roles/$1 is not $2"
	rm -rf "roles/$1"
}
kelpie 0 install -p roles me.one me.two
is me.one 'one 1.0.0'
is me.two 'two 1.0.0'
asked 0 'name=one'
grep -q 'name=two' "$first_log" || fail 'the first server was left out'
expect_no err 's3crt' 't1'
# One of the list, or any other, by the option.
kelpie 0 install -p roles -s second me.one
is me.one 'one 2.0.0'
kelpie 1 install -p roles -s second me.three
expect err "role 'me\.three' is not known to $second/api"
# The token of an address is that of --token or of the file.
kelpie 1 install -p roles -s "$first/one" me.one
expect err 'the server wants a token: --token'
kelpie 0 install -p roles -s "$first/one" --token t1 me.one
is me.one 'one 1.0.0'
mkdir "$HOME/.ansible"
echo 'token: t1' >"$HOME/.ansible/galaxy_token"
kelpie 0 install -p roles -s "$first/one" me.one
is me.one 'one 1.0.0'
echo 'token: s3crtX' >"$HOME/.ansible/galaxy_token"
kelpie 1 install -p roles -s "$first/one" me.one
expect err 'the server refuses the token; it is that of --token'
expect_no err s3crtX
rm "$HOME/.ansible/galaxy_token"
ANSIBLE_GALAXY_SERVER_SECOND_PASSWORD=wrong kelpie 1 install -p roles \
    -s second me.one
expect err "the server refuses the user or the password; they are 'username'"
# The first is away: the second will do.
cat >>ansible.cfg <<EOT
[galaxy_server.away]
url = http://127.0.0.1:$(free_port)
[galaxy_server.noroles]
url = $URL
EOT
ANSIBLE_GALAXY_SERVER_LIST=away,noroles,second kelpie 0 install -p roles me.one
is me.one 'one 2.0.0'
# One whose tokens another server makes is asked without, and left out.
export ANSIBLE_GALAXY_SERVER_HUB_URL="$first/one/" \
    ANSIBLE_GALAXY_SERVER_HUB_TOKEN=s3crtX \
    ANSIBLE_GALAXY_SERVER_HUB_AUTH_URL=https://sso.invalid/
ANSIBLE_GALAXY_SERVER_LIST=hub,second kelpie 0 install -v -p roles me.one
is me.one 'one 2.0.0'
expect err "server 'hub' has an auth_url, and kelpie gets no tokens from such; asking second"
ANSIBLE_GALAXY_SERVER_LIST=hub kelpie 1 install -p roles me.one
expect err "server 'hub' has an auth_url"
expect_no err s3crtX
# A name that nobody knows is told with the server that was asked last.
kelpie 1 install -p roles me.three
expect err "role 'me\.three' is not known to $second/api"
# A server of the list without an address is a fault of the file.
ANSIBLE_GALAXY_SERVER_LIST=nope kelpie 1 install -p roles me.one
expect err "server 'nope' of server_list has no url"
[ ! -e "$HOME/.ansible/galaxy_token" ] || fail 'a token file was made'
