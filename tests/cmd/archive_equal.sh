#!/bin/sh
# What is written is what git archive writes, for every odd repository.
# labels: core timeout=300
. "$(dirname "$0")/lib.sh"
python3 "$here/make_odd_repos.py" repos >list
[ "$(wc -l <list)" -ge 20 ] || fail "only $(wc -l <list) repositories"
mkdir want
while read -r role ref; do
	mkdir "want/$role"
	git -C "repos/$role.git" archive --format=tar "$ref^{commit}" 2>/dev/null |
	    tar -C "want/$role" -xf -
done <list
serve
for base in "git+$URL" "git+file://$REPOS"; do
	while read -r role ref; do
		echo "- {src: $base/$role.git, version: $ref}"
	done <list >r.yml
	rm -rf roles
	kelpie 0 install -r r.yml -p roles -j 4
	same_tree want roles
done
