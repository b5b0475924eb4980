#!/bin/sh
# Names that would mean something to a shell mean nothing here.
. "$(dirname "$0")/lib.sh"
make_role good v1
requirements <<'EOT'
- {src: git+file://@REPOS@/good.git, version: v1, name: "$(touch pwned)"}
- {src: git+file://@REPOS@/good.git, version: v1, name: "a;touch pwned"}
- {src: git+file://@REPOS@/good.git, version: v1, name: "it's \"quoted\" *"}
- {src: git+file://@REPOS@/good.git, version: v1, name: "r\u00f4le"}
- {src: git+file://@REPOS@/good.git, version: v1, name: "%s%n"}
EOT
kelpie 0 install -p roles
[ ! -e pwned ] && [ ! -e roles/pwned ] || fail 'a command ran'
# shellcheck disable=SC2016 # that is the point
[ -f 'roles/$(touch pwned)/meta/main.yml' ] || fail 'name 1'
[ -f 'roles/a;touch pwned/meta/main.yml' ] || fail 'name 2'
[ -f "roles/it's \"quoted\" */meta/main.yml" ] || fail 'name 3'
[ -f 'roles/rôle/meta/main.yml' ] || fail 'name 4'
[ -f 'roles/%s%n/meta/main.yml' ] || fail 'name 5'
kelpie 0 install -p roles
expect_nothing_to_do 5
