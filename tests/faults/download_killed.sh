#!/bin/sh
# A download that is killed leaves a directory that kelpie install refuses, or
# that is what it was before; the next one completes it.  Two at once write the
# same.
# labels: rounds
. "$(dirname "$0")/../cmd/lib.sh"
for n in 1 2 3 4 5 6; do
	make_role r$n v1 v2
done
serve
for version in v1 v2; do
	for n in 1 2 3 4 5 6; do
		echo "- {src: $URL/r$n.git, version: $version}"
	done >$version.yml
	kelpie 0 lock -r $version.yml
	kelpie 0 download -r $version.yml -d whole-$version
done

# Into a directory that has another one, so that packs come beside packs.
for round in $(seq $((KELPIE_ROUNDS * 2))); do
	rm -rf cut
	[ $((round % 2)) -eq 0 ] || cp -r whole-v1 cut
	start_kelpie download -r v2.yml -d cut --no-cache
	sleep "0.0$(printf '%02d' $((round * 17 % 100)))"
	kill -KILL "$kelpie_pid" 2>/dev/null || :
	wait "$kelpie_pid" 2>/dev/null || :
	rm -rf got
	for version in v1 v2; do
		cp $version.yml other.yml
		"$KELPIE" install --from cut -p got -r other.yml >out 2>err ||
		    continue
		version_is got r1 $version
		version_is got r6 $version
	done
	kelpie 0 download -r v2.yml -d cut --prune
	diff -r whole-v2 cut
done

# Two at once.
rm -rf cut
start_kelpie download -r v2.yml -d cut --no-cache
first=$kelpie_pid
expect_status 0 "$KELPIE" download -r v2.yml -d cut --no-cache
kelpie_pid=$first
ended_with 0
# Packs of a server need not be the same bytes twice, but it is the same set.
(cd cut && find . -type f | sort) >names
(cd whole-v2 && find . -type f | sort) | diff - names
rm -rf got
kelpie 0 install --from cut -p got -r v2.yml
version_is got r3 v2
