#!/bin/sh
# kelpie verify holds roles against what was installed: which files were
# changed, what is missing, what nobody knows; and changes nothing.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
make_role three v1
serve
requirements <<-'EOT'
	- {src: @URL@/one.git, version: v1}
	- {src: @URL@/two.git, version: v1}
	- {src: "git+file://@REPOS@/three.git", version: v1, name: three}
EOT
kelpie 0 install -p roles
before=$(requests)

listed()
{
	find roles -printf '%p %i %m %s %T@ %C@ %l\n' | sort
}
verify()
{
	listed >before
	kelpie "$@"
	listed | diff -u before - || fail 'something was changed'
	[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
	[ "$(requests)" = "$before" ] || fail 'a server was asked'
}

verify 0 verify -p roles
expect_out <<-EOT
	3 roles as installed
EOT
# What a playbook leaves is no change.
mkdir roles/one/files/__pycache__ roles/one/empty
touch roles/one/files/__pycache__/x roles/two/x.pyc
verify 0 verify -p roles one two

# Every kind of change.
echo '# by hand' >>roles/one/tasks/main.yml
echo new >roles/one/files/new
mkdir roles/one/templates && echo deep >roles/one/templates/deep
rm roles/one/meta/main.yml
chmod -x roles/two/files/run.sh
ln -s run.sh roles/two/files/link
rm -r roles/three/files && echo 'no directory' >roles/three/files
verify 1 verify -p roles
expect_out <<-EOT
	one: changed: tasks/main.yml; added files/new, templates/deep; missing meta/main.yml
	three: changed: added files; missing files/run.sh
	two: changed: files/run.sh; added files/link
	0 roles as installed, 3 changed
EOT
verify 1 verify -p roles two
expect_no out one three
verify 1 verify -p roles --json one
python3 - <<-EOT
	import json
	d = json.load(open("out"))
	r, = d["roles"]
	assert d["ok"] is False and d["lock"] is None, d
	assert r["findings"] == ["changed"] and r["ok"] is False, r
	assert r["changed"] == ["tasks/main.yml"], r
	assert r["added"] == ["files/new", "templates/deep"], r
	assert r["missing"] == ["meta/main.yml"], r
	assert r["digest"] != r["found_digest"] and len(r["found_digest"]) == 64, r
	assert r["commit"] == "$(commit_of one v1)" and r["locked"] is None, r
EOT

# Without the original in the cache it can only say that there is a change.
rm -rf home/.cache
verify 1 verify -p roles
expect out '^one: changed \(kelpie diff one can tell' '^two: changed \(' \
    '^three: changed: added files; missing files/run.sh$'
expect_no err .

# What is missing, and what nobody knows.
rm -r roles/one
mkdir -p roles/own/meta roles/own/tasks roles/plain
echo '{}' >roles/own/meta/main.yml
ln -s ../dir roles/link
cp -r roles/two roles/copied
printf 'install_date: Thu Jan  1 00:00:00 1970\nversion: v1\n' >roles/copied/meta/.galaxy_install_info
touch roles/README
verify 1 verify -p roles
expect out '^one: missing: it was installed here$' \
    '^own: extra: a role that no tool installed$' \
    '^plain: extra: a directory that no tool installed$' \
    "^link: extra: a link to '../dir' that kelpie did not make$" \
    '^copied: nobody knows what it is: another tool installed it$' \
    '^0 roles as installed, 1 missing, 2 changed, 3 extra, 1 of another tool$'
expect_no out README
verify 1 verify -p roles nobody
expect out '^nobody: missing$'

# Its install info gone, the rest is compared all the same; another tool's
# around the very same files is no difference.
rm -rf roles && kelpie 0 install -p roles
before=$(requests)
rm roles/one/meta/.galaxy_install_info
verify 0 verify -p roles
printf 'install_date: Thu Jan  1 00:00:00 1970\nversion: v1\n' >roles/one/meta/.galaxy_install_info
verify 0 verify -p roles
echo '# more' >>roles/one/tasks/main.yml
verify 1 verify -p roles
expect out '^one: nobody knows what it is'

# A file in the place of a role, and a link.
rm -r roles/one roles/two
echo >roles/one
ln -s three roles/two
verify 1 verify -p roles
expect out '^one: missing' "^two: changed: a link to 'three' is in its place$"

# What cannot be found out is 2.
verify 2 verify -p nowhere
expect err "there is no roles directory '$T/nowhere'"
verify 2 verify -p roles -r a.yml -r b.yml
verify 2 verify --bad
verify 2 verify -p roles -- -x

# What others could have written counts for nothing, and no tool is blamed.
chmod 777 roles/.kelpie
kelpie 1 verify -p roles three
expect out '^three: nobody knows what it is: another user could have written what \.kelpie says of it$' \
    ', 1 unknown$'
kelpie 2 diff -p roles three
expect err 'nobody knows what it was: another user could have written'
