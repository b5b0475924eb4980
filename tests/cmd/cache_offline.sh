#!/bin/sh
# --offline takes everything from the cache and names what is missing.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1 v2
make_role near v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git}
EOT
kelpie 0 install -p a
stop "$SERVER"
kelpie 0 install -p b --offline
version_is b one v1
version_is b two main
KELPIE_OFFLINE=yes kelpie 0 install -p c
version_is c one v1
# By its id, under another name, and what lies on this machine.
requirements more.yml <<EOT
- {src: git+@URL@/one.git, version: $(commit_of one v1), name: other}
- {src: git+file://@REPOS@/near.git, version: v1}
EOT
kelpie 0 install -p b --offline -r more.yml
grep -q 'one v1' b/other/tasks/main.yml || fail 'not the role one'
version_is b near v1
# Other versions and repositories are not there; the rest is installed.
requirements missing.yml <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v2}
- {src: git+@URL@/three.git, version: $(commit_of one v1)}
EOT
kelpie 1 install -p d --offline -r missing.yml
version_is d one v1
[ ! -e d/two ] && [ ! -e d/three ] || fail 'something came from nowhere'
expect err '^two: .*not in the cache' '^three: .*not in the cache'
no_litter d
# In place already is in place.
kelpie 0 install -p b --offline
expect_nothing_to_do 2
rm -rf home/.cache
kelpie 0 install -p b --offline
expect_nothing_to_do 2
kelpie 1 install -p e --offline
expect err '^one: .*not in the cache' '^two: .*not in the cache'
