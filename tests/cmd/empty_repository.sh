#!/bin/sh
# A repository without commits, and one that is none, are clear failures.
. "$(dirname "$0")/lib.sh"
git init -q --bare repos/empty.git
mkdir repos/none.git
echo x >repos/file.git
serve
for base in "git+$URL" "git+file://$REPOS"; do
	for role in empty none file absent; do
		kelpie 1 install -p roles "$base/$role.git"
		expect err "^$role: FAILED: "
		expect_plain err
		[ ! -e roles/$role ] || fail "$role is there"
	done
done
no_litter roles
