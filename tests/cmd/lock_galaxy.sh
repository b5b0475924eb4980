#!/bin/sh
# Under a lock file no Galaxy is asked: the entry says where the name led; an
# update asks again.  An archive is what it was, or refused.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one 1.0.0 1.1.0
write_data()
{
	cat >galaxy.json <<-EOT
		{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
		    "versions": [$1]}}}
	EOT
}
write_data '"1.0.0"'
serve_galaxy galaxy.json
on_github
mkdir -p a/r/meta && echo '{}' >a/r/meta/main.yml
tar -C a -czf repos/r.tar.gz r
requirements <<-'EOT'
	- src: me.one
	- {src: @URL@/r.tar.gz, name: packed}
EOT
kelpie 0 lock -s "$GALAXY"
expect requirements.lock '^  src: me.one' 'became: "?1.0.0"?' \
    'url: https://github.com/me/one.git' "commit: $(commit_of one 1.0.0)" \
    "sha256: $(sha256sum <repos/r.tar.gz | cut -d ' ' -f 1)"
cp requirements.lock saved.lock
stop "$GALAXY_PID"
kelpie 0 install -s "$GALAXY" -p roles --no-cache
expect roles/me.one/tasks/main.yml 'one 1.0.0'
expect roles/me.one/meta/.galaxy_install_info "version: '?1.0.0"
kelpie 0 install -s "$GALAXY" -p roles --locked
expect_nothing_to_do 2
cmp requirements.lock saved.lock || fail 'another lock file'

write_data '"1.0.0", "1.1.0"'
serve_galaxy galaxy.json
kelpie 0 install -s "$GALAXY" -p roles
expect_nothing_to_do 2
kelpie 0 update -s "$GALAXY" -p roles me.one
expect out '^me.one: 1.0.0 \(.*\) -> 1.1.0 \('
expect roles/me.one/tasks/main.yml 'one 1.1.0'

echo '# more' >>a/r/meta/main.yml
tar -C a -czf repos/r.tar.gz r
kelpie 1 install -s "$GALAXY" -p new --no-cache
expect err 'packed: FAILED: .*lock file says'
[ ! -e new/packed ] || fail 'it is there'
kelpie 0 update -s "$GALAXY" -p roles packed
expect requirements.lock "sha256: $(sha256sum <repos/r.tar.gz | cut -d ' ' -f 1)"
