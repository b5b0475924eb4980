#!/bin/sh
# Other install info than kelpie wrote means that another tool installed the
# role: a changed version is applied, and the old tree kept and named.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
for version in v1 v2; do
	requirements $version.yml <<-EOT
		- {src: git+file://@REPOS@/one.git, version: $version}
	EOT
done
kelpie 0 install -r v1.yml -p roles
printf 'install_date: Sat Jan  3 10:00:00 2026\nversion: v0\n' \
    >roles/one/meta/.galaxy_install_info
echo '# theirs' >>roles/one/tasks/main.yml
kelpie 0 install -r v2.yml -p roles
version_is roles one v2
cat out err >all
expect all 'trash'
grep -rq '# theirs' roles/.kelpie/trash || fail 'the old tree is gone'
# Until the next run that has something to do.
kelpie 0 install -r v1.yml -p roles
[ -z "$(ls -A roles/.kelpie/trash)" ] || fail 'trash is never emptied'
