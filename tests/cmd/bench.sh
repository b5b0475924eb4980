#!/bin/sh
# kelpie bench installs into temporary directories, says which -j is worth
# it, and leaves nothing behind, also after Ctrl-C.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
make_role three v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
- {src: git+file://@REPOS@/three.git, version: v1}
EOT
nothing_left()
{
	[ -z "$(ls -A tmp)" ] || fail "left behind: $(find tmp)"
	[ ! -e home/.cache ] || fail 'the cache was filled'
	[ ! -e home/.ansible ] || fail 'roles were installed'
}
kelpie 0 bench --rounds 1
nothing_left
expect out '^3 roles, [0-9]+ processors?, 1 round; ' \
    '^ +-j +time +processor +waited$' \
    '^ +1 +[0-9.]+ s +[0-9.]+ s +[0-9]+ %$' '^ +2 +[0-9.]+ s ' \
    '^ auto +[0-9.]+ s ' \
    '^an ideal network would take [0-9.]+ s' '^(leave -j alone|use -j [12] )'
expect_no out '^ +4 '
expect_no err .
# Every run but that of the ideal network asks: 2 repositories, 2 requests,
# one run to begin with and one each for -j 1, 2 and auto.
[ "$(requests)" -eq 16 ] || fail "$(requests) requests"
# Settings do not count, and -r does; there is nothing to wait for here.
mv requirements.yml other.yml
: >"$LOG"
KELPIE_OFFLINE=yes KELPIE_JOBS=1 kelpie 0 bench -r other.yml --rounds 1
[ "$(requests)" -eq 16 ] || fail "$(requests) requests"
# What cannot be installed cannot be measured.
kelpie 2 bench
expect err 'there is no requirements.yml here'
echo '- {src: "git+file:///nowhere/x.git"}' >bad.yml
kelpie 1 bench -r bad.yml
expect err '^x: FAILED: ' '^kelpie: only what can be installed'
echo '- {' >bad.yml
kelpie 1 bench -r bad.yml
expect err '^kelpie: .*bad\.yml:'
kelpie 1 bench -r nowhere.yml
for n in 0 100 x; do
	kelpie 2 bench --rounds "$n"
	expect err "^kelpie: --rounds '$n' is "
done
kelpie 2 bench word
nothing_left
# Ctrl-C ends the run that is being measured, too.
stop "$SERVER"
serve --mode stall
requirements slow.yml <<EOT
- {src: git+@URL@/one.git, version: v1}
EOT
start_kelpie bench -r slow.yml
wait_for 'a worker that waits' test -s "$LOG"
running=$(children "$kelpie_pid")
kill -INT "$kelpie_pid"
ended_with 130
ended "$running" || fail 'the install goes on'
nothing_left
