#!/bin/sh
# kelpie lock and install --lock write down what every role became, also of
# those that only others need; the same input gives the same bytes, anywhere.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role dep v1 v2
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', version: v1, name: dep}]" \
    make_role web v1 v2
make_role one v1
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- src: "@URL@/one.git"
	- {src: fs+dir, name: here}
EOT
mkdir -p dir/meta && echo '{}' >dir/meta/main.yml

kelpie 0 lock
expect out '^one: locked' '^web: locked v1' '^dep: locked v1' '4 locked' \
    '^requirements.lock: 4 roles'
[ ! -e roles ] && [ ! -e home/.ansible ] || fail 'something was installed'
[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
expect_out requirements.lock <<-EOT
	# What each role became.  kelpie install obeys it, kelpie update moves it.
	version: 1
	roles:

	- name: dep
	  src: $URL/dep.git
	  asked: v1
	  ref: refs/tags/v1
	  commit: $(commit_of dep v1)
	  digest: $(sed -n 's/^  digest: //p' requirements.lock | sed -n 1p)
	  needed_by:
	  - web

	- name: here
	  src: ./dir

	- name: one
	  src: $URL/one.git
	  ref: HEAD
	  commit: $(commit_of one main)
	  digest: $(sed -n 's/^  digest: //p' requirements.lock | sed -n 2p)

	- name: web
	  src: $URL/web.git
	  asked: v1
	  ref: refs/tags/v1
	  commit: $(commit_of web v1)
	  digest: $(sed -n 's/^  digest: //p' requirements.lock | sed -n 3p)
EOT

# Once more: nothing to write.
cp requirements.lock first.lock
inode=$(stat -c %i requirements.lock)
kelpie 0 lock
expect_no out 'requirements.lock'
[ "$(stat -c %i requirements.lock)" = "$inode" ] || fail 'written again'
kelpie 0 lock --check
expect_out <<-'EOT'
	requirements.lock: nothing would change
EOT

# Elsewhere, with an installation, in another order, with another cache.
mkdir -p other
cp -r dir other
requirements other/requirements.yml <<-'EOT'
	- src: "@URL@/one.git"
	- {src: fs+dir, name: here}
	- {src: @URL@/web.git, version: v1}
EOT
(
	cd other
	HOME=$T/other kelpie 0 install -p roles --lock
) || exit 1
cmp other/requirements.lock first.lock || fail 'another lock file'
(
	cd other
	kelpie 0 install -p roles --locked
	kelpie 0 verify -p roles
) || exit 1
version_is other/roles web v1
version_is other/roles dep v1

# What nobody asks for any more goes, with what only it needed.
requirements <<-'EOT'
	- src: "@URL@/one.git"
EOT
kelpie 1 lock --check
expect err "^kelpie: 'requirements.lock' is not for the requirements file as that is now; kelpie lock makes it right"
cmp requirements.lock first.lock || fail '--check has written'
rm requirements.lock
kelpie 1 lock --check
expect err "^kelpie: there is no 'requirements.lock'; kelpie lock makes it"
[ ! -e requirements.lock ] || fail '--check has written'
cp first.lock requirements.lock
kelpie 0 lock
expect out '^requirements.lock: 1 role$'
expect_no requirements.lock 'dep' 'web'

# A role that another tool installed is fetched, since nobody knows its commit.
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
EOT
cp -r other/roles there && rm -rf there/.kelpie requirements.lock
kelpie 0 install -p there --lock
expect requirements.lock "commit: $(commit_of web v1)" "commit: $(commit_of dep v1)"

# Nothing is written of a run with a failure, or without a file to lock.
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- {src: @URL@/nobody.git, version: v1}
EOT
cp requirements.lock first.lock
kelpie 1 lock
cmp requirements.lock first.lock || fail 'written'
kelpie 2 install --lock -p x "$URL/web.git"
expect err 'belongs to one requirements file'
kelpie 2 lock web
kelpie 2 install --lock --locked
kelpie 2 install --lock -n
