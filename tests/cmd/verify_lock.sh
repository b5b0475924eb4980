#!/bin/sh
# kelpie verify holds roles against the lock file beside the requirements
# file: other commits, what is missing, what it does not have.
. "$(dirname "$0")/lib.sh"
need python3
make_role dep v1
DEPENDENCIES="[{src: 'git+file://$REPOS/dep.git', version: v1, name: dep}]" \
    make_role web v1 v2
make_role one v1
mkdir -p dir/meta && echo '{}' >dir/meta/main.yml
requirements <<-'EOT'
	- {src: "git+file://@REPOS@/web.git", version: v1}
	- {src: "git+file://@REPOS@/one.git", version: v1}
	- {src: fs+dir, name: copied}
	- {src: fs+dir, type: link, name: linked}
EOT
kelpie 0 install -p roles --lock
cp requirements.lock first.lock

kelpie 0 verify -p roles
expect_out <<-EOT
	5 roles as installed and as in requirements.lock
EOT
cmp requirements.lock first.lock || fail 'the lock file was changed'

# Locked elsewhere and moved on there; here it is still the old one.
requirements web2.yml <<-'EOT'
	- {src: "git+file://@REPOS@/web.git", version: v2}
	- {src: "git+file://@REPOS@/one.git", version: v1}
EOT
kelpie 0 lock -r web2.yml
old=$(commit_of web v1 | cut -c 1-12)
new=$(commit_of web v2 | cut -c 1-12)
kelpie 1 verify -p roles -r web2.yml
expect_out <<-EOT
	copied: extra: not in web2.lock
	linked: extra: not in web2.lock
	web: other: v1 ($old), and web2.lock has v2 ($new)
	2 roles as installed and as in web2.lock, 2 extra, 1 other than locked
EOT
kelpie 1 verify -p roles -r web2.yml --json web
python3 - <<-EOT
	import json
	r, = json.load(open("out"))["roles"]
	assert r["findings"] == ["other"] and r["changed"] is None, r
	assert r["commit"] == "$(commit_of web v1)", r
	assert r["locked"]["commit"] == "$(commit_of web v2)", r
EOT
# A requirements file without a lock file, and one with a damaged one.
cp web2.yml none.yml
kelpie 0 verify -p roles -r none.yml
kelpie 2 verify -p roles -r nosuch.yml
expect err "^kelpie: 'nosuch.yml': No such file or directory"
kelpie 2 verify -p roles -r - <none.yml
expect err 'a lock file belongs to one requirements file'
cp web2.yml bad.yml && echo '<<<<<<< HEAD' >bad.lock
kelpie 2 verify -p roles -r bad.yml
expect err '^kelpie: bad.lock:1:'

# Both at once, and what is missing; another directory has nothing at all.
echo '# by hand' >>roles/web/tasks/main.yml
rm -r roles/dep
kelpie 1 verify -p roles -r web2.yml web dep
expect_out <<-EOT
	dep: missing: web2.lock has it
	web: changed: tasks/main.yml
	web: other: v1 ($old), and web2.lock has v2 ($new)
	0 roles as installed and as in web2.lock, 1 missing, 1 changed, 1 other than locked
EOT
kelpie 1 verify -p nowhere
expect out '^web: missing: requirements.lock has it$' ' 5 missing$'
[ ! -e nowhere ] || fail 'a directory was made'

# Roles of another tool: the very tree that is locked is as good as any.
kelpie 0 install -p other -r web2.yml --locked
rm -r other/.kelpie
printf 'install_date: Thu Jan  1 00:00:00 1970\nversion: v2\n' >other/web/meta/.galaxy_install_info
kelpie 0 verify -p other -r web2.yml
expect out '^3 roles as installed and as in web2.lock$'
echo '# by hand' >>other/web/tasks/main.yml
kelpie 1 verify -p other -r web2.yml
expect out '^web: nobody knows what it is: another tool installed it, and it is not what web2.lock has$'
kelpie 1 verify -p other -r none.yml one
expect out '^one: nobody knows what it is: another tool installed it$'
