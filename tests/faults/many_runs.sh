#!/bin/sh
# Two and six kelpies on one roles directory, with the same and with different
# files, take turns; each ends well, and what is there is what they asked for.
# labels: rounds slow
. "$(dirname "$0")/../cmd/lib.sh"
for n in 1 2 3 4 5 6 7; do
	make_role r$n v1 v2
done
serve --delay 10
# all COUNT ARGUMENT...: so many at once; "@" is the number of each.
all()
{
	count=$1 started=
	shift
	for i in $(seq "$count"); do
		# shellcheck disable=SC2046 # words without blanks
		background "$KELPIE" $(echo "$@" | sed "s/@/$i/g") \
		    >"out$i" 2>"err$i"
		started="$started $pid"
	done
	for pid in $started; do
		got=0
		wait "$pid" || got=$?
		[ "$got" -eq 0 ] || fail "one of $count: $got: $(cat err?)"
	done
	no_litter roles
}
file()
{
	version=$1
	shift
	for n; do
		echo "- {src: 'git+$URL/r$n.git', version: $version}"
	done
}
file v1 1 2 3 4 5 6 7 >same.yml
for i in 1 2 3 4 5 6; do
	file v1 "$i" $((i + 1)) >own$i.yml
	file v$((i % 2 + 1)) 1 2 3 >version$i.yml
done
for count in 2 6; do
	# The same file: each role is fetched once, for all of them.
	rm -rf roles
	: >"$LOG"
	all "$count" install -p roles --no-cache -r same.yml
	[ "$(grep -c ' fetch ' "$LOG")" -eq 7 ] || fail 'not once for all'
	for n in 1 2 3 4 5 6 7; do
		version_is roles "r$n" v1
	done
	# Files that have one role each in common.
	rm -rf roles
	all "$count" install -p roles -r own@.yml
	for n in $(seq $((count + 1))); do
		version_is roles "r$n" v1
	done
	# shellcheck disable=SC2046 # words
	kelpie 0 install -p roles $(seq -f '-rown%.0f.yml' "$count")
	expect_nothing_to_do $((count + 1))
	# Versions that differ: the last one wins, with all of its roles.
	all "$count" install -p roles -r version@.yml
	last=v1
	! grep -q 'r1 v2' roles/r1/tasks/main.yml || last=v2
	for n in 1 2 3; do
		version_is roles r$n $last
	done
	kelpie 0 list -p roles
	expect out "r1 +$last" "r2 +$last" "r3 +$last"
	# While others are removed and asked for.
	all "$count" install -p roles -f -r same.yml
	background "$KELPIE" remove -p roles r7 >/dev/null 2>&1
	remover=$pid
	all "$count" install -p roles -r same.yml
	wait "$remover" || :
	kelpie 0 install -p roles -r same.yml
done
