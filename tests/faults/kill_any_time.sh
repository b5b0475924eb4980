#!/bin/sh
# Killed at any moment, each role is the old one, the new one or not there;
# the next run heals.
# labels: timeout=600
. "$(dirname "$0")/../cmd/lib.sh"
for n in 1 2 3 4 5 6 7 8; do
	make_role role$n v1 v2
done
serve
for version in v1 v2; do
	for n in 1 2 3 4 5 6 7 8; do
		echo "- {src: git+$URL/role$n.git, version: $version}"
	done >$version.yml
done
now=v1
for round in $(seq "$KELPIE_ROUNDS"); do
	start_kelpie install -r $now.yml -p roles
	sleep "0.$(printf '%03d' $((round * 37 % 300)))"
	kill -KILL "$kelpie_pid" 2>/dev/null || :
	wait "$kelpie_pid" 2>/dev/null || :
	for n in 1 2 3 4 5 6 7 8; do
		[ -e roles/role$n ] || continue
		tag=$(sed -n "s/.*{msg: role$n \(v[12]\)}/\1/p" roles/role$n/tasks/main.yml)
		git -C repos/role$n.git archive --format=tar "$tag" --prefix=want$n/ | tar -xf -
		same_tree want$n roles/role$n
		rm -rf want$n
	done
	[ "$now" = v1 ] && now=v2 || now=v1
done
kelpie 0 install -r v2.yml -p roles
for n in 1 2 3 4 5 6 7 8; do
	version_is roles role$n v2
done
no_litter roles
