#!/bin/sh
# kelpie update says how many commits lie between old and new: forward, back,
# or neither; from a server by one request for commits alone, and nothing
# where it does not take part in that.
. "$(dirname "$0")/lib.sh"
make_role forward v1
make_role back v1 v2 v3
make_role sideways v1 v2
make_role amended v1 v2
make_role still v1
make_role tagged 1.0 1.1 2.0
serve
# commits NAME N: so many on its main.
commits()
{
	from='
from refs/heads/main^0'
	for i in $(seq "$2"); do
		printf 'commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nx%s\nM 644 inline n\ndata 2\n%02d\n' \
		    "$from" "$i"
		from=
	done | git -C "$REPOS/$1.git" fast-import --quiet --force
}
# begin SERVER...: all roles as they are now.
begin()
{
	rm -rf roles requirements.lock
	: >requirements.yml
	for role in forward back sideways amended still; do
		echo "- {src: \"git+$1/$role.git\", version: main}" >>requirements.yml
	done
	echo "- {src: \"git+$1/tagged.git\", version: '1.0'}" >>requirements.yml
	kelpie 0 update -p roles --no-cache
	cp -r roles before
}
cp -r repos saved
move_all()
{
	commits forward 12
	for role in back sideways amended; do
		git -C "$REPOS/$role.git" update-ref refs/heads/main \
		    "$(commit_of $role main~1)"
	done
	git -C "$REPOS/back.git" update-ref refs/heads/main v1
	commits amended 1
	git -C "$REPOS/sideways.git" update-ref refs/heads/main v1
	commits sideways 2
}
told='^forward: main \(.{7}\) -> main \(.{7}\), 12 commits$
^back: main \(.{7}\) -> main \(.{7}\), 3 commits back$
^sideways: main \(.{7}\) -> main \(.{7}\), not a descendant$
^amended: main \(.{7}\) -> main \(.{7}\), not a descendant$
^tagged: 1.0 \(.{7}\) -> 2.0 \(.{7}\), 2 commits$'
expect_told()
{
	echo "$told" | while read -r line; do
		expect out "$line"
	done || exit 1
	expect_no out '^still:'
}
for place in "$URL" "file://$REPOS"; do
	for role in "$REPOS"/*.git; do
		git -C "$role" config uploadpack.allowFilter true
	done
	begin "$place"
	move_all
	: >"$LOG"
	kelpie 0 update -p roles --write --dry-run --no-cache
	expect_told
	# Two for a role, one more for what has moved, one more to look back twice.
	[ "$place" != "$URL" ] || [ "$(requests)" -eq 19 ] ||
	    fail "$(requests) requests: $(cat "$LOG")"
	kelpie 0 update -p roles --write
	expect_told
	expect_no requirements.lock since '12 commits' descendant
	no_litter roles
	rm -rf repos && cp -r saved repos
done
[ "$(ls -A tmp)" = '' ] || fail "left: $(ls -A tmp)"

# A server that knows no filters, and one of old: as if nobody had asked.
begin "$URL"
move_all
kelpie 0 update -p roles --no-cache
expect out '^forward: main \(.{7}\) -> main \(.{7}\)$'
expect_no out commit descendant
version_is roles still main
rm -rf repos && cp -r saved repos
stop "$SERVER"
serve --mode v0
begin "$URL"
move_all
kelpie 0 update -p roles --no-cache
expect out '^forward: main \(.{7}\) -> main \(.{7}\)$'
