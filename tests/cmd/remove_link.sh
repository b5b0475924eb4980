#!/bin/sh
# A link that kelpie made is shown and removed; what it leads to stays, and so
# does a link that somebody made in its place.
. "$(dirname "$0")/lib.sh"
mkdir -p work/meta other/meta
echo 'galaxy_info: {author: me}' >work/meta/main.yml
echo '{}' >other/meta/main.yml
requirements <<EOT
- {src: ./work, type: link, name: dev}
EOT
kelpie 0 install -p roles
[ "$(readlink roles/dev)" = "$T/work" ] || fail 'no link'
kelpie 0 list -p roles
sed 's/   */|/g' out >out.columns
expect_out out.columns <<-EOT
	dev|link|ok|$T/work
EOT
kelpie 0 info -p roles dev
expect out "^  link to: $T/work$" '^  author: me$' '^  depends on: nothing$'
rm roles/dev
ln -s ../other roles/dev
kelpie 1 remove -p roles -f dev
expect err '^kelpie: dev: is a symbolic link that kelpie did not make'
[ "$(readlink roles/dev)" = ../other ] || fail 'the link is gone'
rm roles/dev
kelpie 0 install -p roles
# Links lead to what somebody works on: prune leaves them.
requirements other.yml <<EOT
- {src: ./other, type: link, name: dev2}
EOT
kelpie 0 install -p roles -r other.yml
kelpie 0 prune -p roles --yes -f -r other.yml
expect out '^nothing to remove'
kelpie 0 remove -p roles dev
expect_out <<-EOT
	dev: removed
EOT
[ ! -L roles/dev ] || fail 'still there'
[ -f work/meta/main.yml ] || fail 'the link was followed'
expect_no roles/.kelpie/state '^dev	'
no_litter roles

# What is told of it is its own, not what the state has next.
make_role next v1
kelpie 0 install -p roles -r requirements.yml
kelpie 0 install -p roles "git+file://$REPOS/next.git,v1,dev1"
kelpie 0 remove -p roles dev
expect_out <<-EOT
	dev: removed
EOT
