#!/bin/sh
# A requirements file includes others: beside it first, then where kelpie was
# started; what is wrong stands in the file that has it.
. "$(dirname "$0")/lib.sh"
for role in one two three; do
	make_role $role v1
done
mkdir -p project/lists
requirements project/requirements.yml <<EOT
roles:
- {src: git+file://@REPOS@/one.git, version: v1}
- include: lists/more.yml
EOT
requirements project/lists/more.yml <<EOT
- git+../../repos/two.git,v1
- include: common.yml
EOT
requirements common.yml <<EOT
roles:
- {src: git+file://@REPOS@/three.git, version: v1}
EOT
kelpie 0 install -r project/requirements.yml -p roles
[ "$(ls roles)" = "one
three
two" ] || fail "$(ls roles)"
echo '- include: requirements.yml' >project/lists/common.yml
kelpie 1 install -r project/requirements.yml -p more
expect err 'project/lists/common\.yml:1:12: .*requirements\.yml.*No such file'
echo '- include: ../requirements.yml' >project/lists/common.yml
kelpie 1 install -r project/requirements.yml -p more
expect err 'project/lists/common\.yml:1:12: .*includes itself'
[ ! -e more ] || fail 'something was installed'
