#!/bin/sh
# kelpie update --write moves exact versions to the newest release and changes
# just these words of the requirements file; then the lock file is the one
# that kelpie lock would write.  What cannot be edited is told and left.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
make_role one v1.0.0 v1.10.0 v2.0.0-rc1 v2.0.0 nightly
make_role web v1 v2
make_role num 1.10 1.20
make_role branch v1
git -C "$REPOS/branch.git" branch 1.0 main
git -C "$REPOS/branch.git" tag 2.0 main
cat >galaxy.json <<'JSON'
{"roles": {"me.one": {"id": 1, "github_user": "me", "github_repo": "one",
    "versions": ["v1.0.0", "v1.10.0"]}}}
JSON
serve_galaxy galaxy.json
on_github
mkdir -p a/r/meta more && echo '{}' >a/r/meta/main.yml
tar -C a -czf repos/r.tar.gz r
requirements inner.yml <<-'EOT'
	- src: "@URL@/one.git"
	  version: v1.10.0	# inside
	  name: inner
EOT
requirements plain.yml <<-EOT
	# Rôles — v1.0.0
	- {src: @URL@/web.git, version: v1}   # v1, for now
	- src: @URL@/one.git
	  version:  'v1.0.0'

	- {name: "ü", src: "@URL@/one.git", version: "v1.0.0", x: [v1.0.0]}
	- '@URL@/one.git, v1.0.0 ,line'
	- @URL@/web.git,v1,bare
	- {src: @URL@/num.git, version: 1.10}
	- {src: me.one, version: 1.0.0}
	- {src: @URL@/web.git, version: v2, name: newest}
	- {src: @URL@/one.git, version: v2.0.0-rc1, name: candidate}
	- {src: @URL@/branch.git, version: "1.0"}
	- {src: @URL@/one.git, version: nightly, name: nightly}
	- {src: @URL@/one.git, version: "^1.0", name: range}
	- {src: @URL@/web.git, version: $(commit_of web v1), name: pinned}
	- {src: @URL@/web.git, version: v1, commit: $(commit_of web v1), name: both}
	- {src: @URL@/r.tar.gz, version: 1.0, name: packed}
	- include: more/inner.yml
	- {src: @URL@/web.git, version: &v v1, name: anchor}
	- {src: @URL@/web.git, version: *v, name: alias}
	- src: @URL@/web.git
	  version: >-
	    v1
	  name: folded
	- &base {src: @URL@/web.git, version: v1, name: base}
	- {<<: *base, name: merged}
EOT
sed -e "2s/version: v1/version: v2/" -e "4s/v1.0.0/v2.0.0/" \
    -e "6s/\"v1.0.0\"/\"v2.0.0\"/" -e "7s/v1.0.0/v2.0.0/" -e "8s/v1/v2/" \
    -e "9s/1.10/\"1.20\"/" -e "10s/1.0.0/v1.10.0/" -e "12s/v2.0.0-rc1/v2.0.0/" \
    plain.yml >wanted.yml
sed "s/v1.10.0/v2.0.0/" inner.yml >inner.wanted

# CRLF, a mark of the byte order, and no newline at the end.
dos()
{
	printf '\357\273\277'
	sed 's/$/\r/' "$1" | head -c -2
}

# The values that ansible-galaxy would see.
values()
{
	python3 -c '
import sys, yaml
for entry in yaml.safe_load(open(sys.argv[1], encoding="utf-8-sig", newline="")):
    print({k: str(v) for k, v in entry.items()} if isinstance(entry, dict) else entry)
' "$1"
}

for kind in cat dos; do
	$kind plain.yml >requirements.yml
	$kind wanted.yml >wanted
	$kind inner.yml >more/inner.yml
	$kind inner.wanted >inner
	rm -rf roles requirements.lock
	chmod 640 requirements.yml
	cp requirements.yml before.yml

	kelpie 0 update -s "$GALAXY" -p roles --write --dry-run -v
	expect out '^requirements.yml:2: web: v1 -> v2$' \
	    '^requirements.yml:7: line: v1.0.0 -> v2.0.0$' \
	    '^requirements.yml:10: me.one: 1.0.0 -> v1.10.0$' \
	    '^more/inner.yml:2: inner: v1.10.0 -> v2.0.0$'
	[ "$(grep -c -- '.yml:.* -> ' out)" -eq 9 ] || fail 'not nine'
	cmp requirements.yml before.yml || fail '--dry-run has written'
	[ ! -e requirements.lock ] && [ ! -e roles ] || fail 'not dry'

	kelpie 0 update -s "$GALAXY" -p roles --write -v
	expect err "pinned: version '[0-9a-f]{40}' is a commit, and stays" \
	    "both: version 'v1' has its commit beside it, and stays" \
	    "packed: version '1.0' is of an archive" \
	    "nightly: version 'nightly' is no release" \
	    "branch: version '1.0' is no tag, and stays" \
	    "requirements.yml:20:[0-9]+: the version of role 'anchor' stays: 'v1' has an anchor" \
	    "requirements.yml:21:[0-9]+: the version of role 'alias' stays: 'v1' is an alias" \
	    "requirements.yml:23:[0-9]+: the version of role 'folded' stays: 'v1' is written as a block" \
	    "requirements.yml:26:[0-9]+: the version of role 'base' stays: 'v1' has an anchor" \
	    "requirements.yml:26:[0-9]+: the version of role 'merged' stays: 'v1' has an anchor"
	expect out '^requirements.yml: 8 versions$' '^more/inner.yml: 1 version$'
	cmp requirements.yml wanted || { diff wanted requirements.yml; fail 'other bytes'; }
	cmp more/inner.yml inner || fail 'other bytes in the included file'
	[ "$(stat -c %a requirements.yml)" = 640 ] || fail 'another mode'
	values before.yml >v1 && values requirements.yml >v2
	[ "$(diff v1 v2 | grep -c '^>')" -eq 8 ] || fail 'other values'
	version_is roles one v2.0.0
	expect roles/merged/tasks/main.yml 'web v1'
	expect roles/anchor/tasks/main.yml 'web v1'
	version_is roles branch main
	version_is roles num 1.20
	expect roles/line/meta/.galaxy_install_info "^version: '?v2.0.0'?$"

	# As if the file had said so from the start.
	kelpie 0 lock --check -s "$GALAXY"
	kelpie 0 install -p roles --locked -s "$GALAXY"
	expect_nothing_to_do 21
	mv requirements.lock moved.lock
	kelpie 0 install --lock -p fresh -s "$GALAXY"
	cmp requirements.lock moved.lock || fail 'another lock file'
	rm -rf fresh
	inode=$(stat -c %i requirements.yml)
	kelpie 0 update -s "$GALAXY" -p roles --write
	expect_nothing_to_do 21
	expect_no out requirements
	[ "$(stat -c %i requirements.yml)" = "$inode" ] || fail 'written again'
done
