#!/bin/sh
# All roles are tried; -i makes a success of what failed, and says so;
# what excludes each other, and what kelpie does not do, is refused.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/nosuch.git, version: v1}
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 1 install -p roles
version_is roles one v1
kelpie 0 install -i -p roles
expect out '1 already there, 1 failed'
expect err '^nosuch: FAILED' '^kelpie: warning: not all .*--ignore-errors'
# It is for roles: a file with a fault, or a place to which nobody may write,
# is no less a failure.
: >file
kelpie 1 install -i -p file
echo '- {version: v1}' >bad.yml
kelpie 1 install -i -r bad.yml -p roles
sed 1d requirements.yml >good.yml
kelpie 0 install --ignore-errors -r good.yml -p roles
[ ! -s err ] || fail 'a warning about nothing'

kelpie 2 install -n --force-with-deps -p more
expect err 'not allowed with'
kelpie 2 install -g -p more
expect err '--keep-scm-meta: .*ansible-galaxy role install -g'
[ ! -e more ] || fail 'something was installed'
