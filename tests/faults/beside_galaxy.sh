#!/bin/sh
# Beside ansible-galaxy, which takes no lock, on one roles directory: kelpie's
# own roles are all there, what both wanted is told or there, and the next
# run finds nothing amiss.
# labels: rounds slow
. "$(dirname "$0")/../cmd/lib.sh"
need ansible-galaxy
for n in 1 2 3 4 5 6; do
	make_role r$n v1 v2
done
serve
for n in 1 2 3 4; do
	echo "- {src: 'git+file://$REPOS/r$n.git', version: v1, name: r$n}"
done >galaxy.yml
for n in 3 4 5 6; do
	echo "- {src: 'git+$URL/r$n.git', version: v1, name: r$n}"
done >kelpie.yml
for round in 1 2 3; do
	rm -rf roles
	mkdir roles
	background ansible-galaxy role install -r galaxy.yml -p roles >galaxy.out 2>&1
	galaxy=$pid
	# In the middle of its work, which is another moment each time.
	wait_for 'the first role' test -e roles/r$round
	got=0
	"$KELPIE" install -p roles -r kelpie.yml >out 2>err || got=$?
	[ "$got" -le 1 ] || fail "status $got"
	wait "$galaxy" || :
	version_is roles r5 v1
	version_is roles r6 v1
	if [ "$got" -eq 1 ]; then
		expect err '^r[34]: FAILED: '
		expect_no err '^r[56]: FAILED'
	fi
	no_litter roles
	kelpie 0 install -f -p roles -r kelpie.yml
	for n in 3 4 5 6; do
		version_is roles r$n v1
	done
	no_litter roles
done
