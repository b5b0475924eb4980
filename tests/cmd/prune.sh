#!/bin/sh
# kelpie prune: what the requirements, and what those depend on, no longer
# ask for, is shown and removed; nothing else ever is.
# labels: core
. "$(dirname "$0")/lib.sh"
for role in old kept deep edited; do
	make_role $role v1
done
# top depends on mid, mid on deep.
for pair in top:mid mid:deep; do
	role=${pair%:*}
	git init -q -b main "work/$role"
	mkdir -p "work/$role/meta" "work/$role/tasks"
	echo '[]' >"work/$role/tasks/main.yml"
	echo "dependencies: [{src: 'git+file://$REPOS/${pair#*:}.git', version: v1}]" >"work/$role/meta/main.yml"
	git -C "work/$role" add -A
	git -C "work/$role" commit -qm x
	git -C "work/$role" tag v1
	git clone -q --bare "work/$role" "$REPOS/$role.git"
done
requirements <<EOT
- {src: git+file://@REPOS@/old.git, version: v1}
- {src: git+file://@REPOS@/old.git, version: v1, name: ns/old}
- {src: git+file://@REPOS@/edited.git, version: v1}
- {src: git+file://@REPOS@/kept.git, version: v1}
- {src: git+file://@REPOS@/top.git, version: v1}
EOT
kelpie 0 install -p roles
[ -d roles/deep ] || fail 'no dependency of a dependency'
kelpie 0 list -p roles
expect out '^deep .* dependency ' '^mid .* dependency ' '^top .* ok '
mv roles/deep deep
kelpie 0 list -p roles
expect out '^deep  *- .* missing'
mv deep roles/deep
kelpie 0 prune -p roles
expect_out <<-EOT
	nothing to remove
EOT
requirements <<EOT
- {src: git+file://@REPOS@/kept.git, version: v1}
- {src: git+file://@REPOS@/top.git, version: v1}
EOT
mkdir -p roles/plain/meta roles/theirs/meta roles/junk outside/meta
echo '{}' >roles/plain/meta/main.yml
printf 'install_date: Sun Nov 22 12:23:54 2026\nversion: 1.10.0\n' |
    tee roles/theirs/meta/.galaxy_install_info >outside/meta/.galaxy_install_info
ln -s ../outside roles/link
echo '#' >>roles/edited/tasks/main.yml
all=$(ls roles)
kelpie 1 prune -p roles --dry-run
expect_out <<-EOT
	remove ns/old v1
	remove old v1
	remove theirs 1.10.0
EOT
expect err '^kelpie: edited: edited by hand .*-f removes it'
# Nobody can be asked here.
kelpie 2 prune -p roles </dev/null
expect err 'nothing was removed: .*--yes'
[ "$all" = "$(ls roles)" ] || fail 'removed unasked'
# With faults, without a role, or with one that is missing: nothing.
echo '- {src: x, scm: hg}' >bad.yml
kelpie 1 prune -p roles --yes -r bad.yml
expect err 'bad.yml:1' 'nothing was removed: .*faults'
echo '[]' >empty.yml
echo 'collections: [a.b]' >collections.yml
for file in empty.yml collections.yml; do
	kelpie 1 prune -p roles --yes -f -r $file
	expect err 'nothing was removed: .*no role'
done
: >nothing.yml
kelpie 1 prune -p roles --yes -r nothing.yml
kelpie 1 prune -p roles --yes -r none.yml
requirements missing.yml <<EOT
- {src: git+file://@REPOS@/away.git, version: v1}
EOT
kelpie 1 prune -p roles --yes -r missing.yml
expect err "'away' is not in place.*run kelpie install first"
(cd outside && expect_status 2 "$KELPIE" prune -p ../roles --yes)
[ "$all" = "$(ls roles)" ] || fail 'removed without good reason'
# All that several files ask for stays.
requirements more.yml <<EOT
- {src: git+file://@REPOS@/old.git, version: v1}
EOT
kelpie 1 prune -p roles --yes -r requirements.yml -r more.yml
expect_out <<-EOT
	remove ns/old v1
	remove theirs 1.10.0
	ns/old: removed v1
	theirs: removed 1.10.0
EOT
kelpie 0 prune -p roles --yes -f
expect out '^edited: removed v1' '^old: removed v1'
ls roles >left
expect_out left <<-EOT
	deep
	junk
	kept
	link
	mid
	plain
	top
EOT
[ -f outside/meta/.galaxy_install_info ] || fail 'a link was followed'
no_litter roles
kelpie 0 install -p roles
expect_nothing_to_do 4
