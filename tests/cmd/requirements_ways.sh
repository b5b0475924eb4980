#!/bin/sh
# A requirements file has any name, may come on standard input, and may be
# named with a variable or "~" where no shell has put them in.
# shellcheck disable=SC2016,SC2088 # kelpie expands them, or nobody
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements "$HOME/list.txt" <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 install -p a -r - <"$HOME/list.txt"
kelpie 0 install -p b -r '~/list.txt'
kelpie 0 install -p c -r '$HOME/list.txt'
LIST=list
export LIST
kelpie 0 install -p d -r "~/\${LIST}.txt"
for roles in a b c d; do
	version_is $roles one v1
done
kelpie 1 install -p e -r '$NOWHERE/list.txt'
expect err '\$NOWHERE/list\.txt: No such file'
echo '- {version: v1}' | kelpie 1 install -p e -r -
expect err 'standard input:1:3: '
# In a source they are what they are.
echo '- {src: "git+file:///$HOME/x", name: x, colour: red}' >r.yml
kelpie 1 install -v -p e -r r.yml
expect err 'r\.yml:1:9: .*\$' "r\.yml:1:41: unknown key 'colour'"
[ ! -e e/x ] || fail 'something was installed'
