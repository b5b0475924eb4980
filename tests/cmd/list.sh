#!/bin/sh
# kelpie list: what is in place, sorted, held against the requirements; roles
# that other tools installed, roles that nobody installed, links.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1 v2
make_role three
# Without a roles directory there is nothing to show, but what is missing.
kelpie 1 list -p roles
expect err "there is no roles directory '$T/roles'"
requirements <<EOT
- {src: git+file://@REPOS@/two.git, version: v1}
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/three.git}
EOT
kelpie 0 list -p roles
expect_out <<-EOT
	one    missing
	three  missing
	two    missing
EOT
[ ! -e roles ] || fail 'list made the directory'
kelpie 0 install -p roles
requirements <<EOT
- {src: git+file://@REPOS@/two.git, version: v2}
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/four.git}
- {src: git+file://@REPOS@/junk.git}
EOT
mkdir -p roles/theirs/meta roles/plain/meta roles/junk roles/other roles/.hidden/meta
printf 'install_date: Sun Nov 22 12:23:54 2026\nversion: 1.10.0\n' >roles/theirs/meta/.galaxy_install_info
echo '{}' >roles/plain/meta/main.yaml
echo '{}' >roles/.hidden/meta/main.yml
ln -s theirs roles/dev
ln -s nowhere roles/dangling
touch roles/file
one=$(commit_of one v1 | cut -c1-7)
two=$(commit_of two v1 | cut -c1-7)
three=$(commit_of three main | cut -c1-7)
before=$(find roles | sort)
kelpie 0 list -p roles
# Blanks only line the columns up.
sed 's/   */|/g' out >out.columns
expect_out out.columns <<-EOT
	dev|link|-|not asked for|theirs
	four|-|-|missing
	junk|unknown version|-|in the way
	one|v1|$one|ok|file://$REPOS/one.git
	plain|unknown version|-|not asked for
	theirs|1.10.0|-|not asked for
	three|default branch|$three|not asked for|file://$REPOS/three.git
	two|v1|$two|other version (v2 is asked for)|file://$REPOS/two.git
EOT
[ "$before" = "$(find roles | sort)" ] || fail 'list changed something'
# Another source is told too, of a file that is named.
requirements other.yml <<EOT
- {src: git+file://@REPOS@/two.git, version: v1, name: one}
EOT
kelpie 0 list -p roles -r other.yml one
expect out '^one .* other source '
# Only those that are named; one that is not there is status 1.
kelpie 0 list -p roles two one
expect out '^one' '^two'
[ "$(wc -l <out)" -eq 2 ] || fail 'more than two lines'
for name in nope four junk other dangling; do
	kelpie 1 list -p roles one "$name"
	expect err "^kelpie: $name: is not installed"
	expect out '^one '
done
kelpie 1 list -p roles ../x one
expect err "bad role name '../x'"
# Without requirements there is nothing to hold it against.
mv requirements.yml away.yml
kelpie 0 list -p roles one three
expect_out <<-EOT
	one    v1              $one  file://$REPOS/one.git
	three  default branch  $three  file://$REPOS/three.git
EOT
# Faults are told, and the roles shown all the same.
echo '- {src: x, scm: hg}' >requirements.yml
kelpie 1 list -p roles
expect err 'requirements.yml:1:'
expect out '^one .*one.git$'
kelpie 1 list -p roles -r nowhere.yml
expect err 'nowhere.yml'
