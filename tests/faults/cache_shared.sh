#!/bin/sh
# One repository under two names is fetched once; many kelpies share a cache;
# it may lie on another file system; one that others can write to is not used.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1
make_role two v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1, name: a}
- {src: git+@URL@/one.git, version: v1, name: b}
- {src: git+@URL@/two.git, version: v1}
EOT
there()
{
	grep -q 'one v1' "$1/a/tasks/main.yml" || fail "no $1/a"
	grep -q 'one v1' "$1/b/tasks/main.yml" || fail "no $1/b"
	version_is "$1" two v1
}
kelpie 0 install -p once
there once
no_litter once
[ "$(grep -c ' fetch ' "$LOG")" -eq 2 ] || fail "more than once: $(cat "$LOG")"
[ "$(grep -c ' ls-refs ' "$LOG")" -eq 2 ] || fail "asked twice: $(cat "$LOG")"
: >"$LOG"
kelpie 0 install -p twice --no-cache
there twice
# Ten at once, beside one that keeps removing everything.
rm -rf home/.cache
started=
for n in 0 1 2 3 4 5 6 7 8 9; do
	background "$KELPIE" install -q -p "many$n" 2>"many$n.err"
	started="$started $pid"
done
clean_on()
{
	while "$KELPIE" cache clean >clean.out 2>&1; do
		:
	done
}
background clean_on
cleaner=$pid
for pid in $started; do
	wait "$pid" || fail "one of many: $(cat many?.err)"
done
alive "$cleaner" || fail "the cleaner ended: $(cat clean.out)"
stop "$cleaner"
for n in 0 1 2 3 4 5 6 7 8 9; do
	there "many$n"
done
# Killed while it writes: the next ones find a cache that is whole.
for n in 0 1 2 3 4 5 6 7; do
	rm -rf home/.cache
	timeout -s KILL "0.0$n" "$KELPIE" install -q -p "killed$n" || :
	kelpie 0 install -p "killed$n"
	there "killed$n"
done
if [ -d /dev/shm ] && [ -w /dev/shm ] &&
    [ "$(stat -c %d /dev/shm)" != "$(stat -c %d .)" ]; then
	far=$(mktemp -d /dev/shm/kelpie-XXXXXX)
	at_exit "rm -rf '$far'"
	export XDG_CACHE_HOME="$far/deep/er"
	kelpie 0 install -p far
	there far
	: >"$LOG"
	kelpie 0 install -p far2
	there far2
	! grep -q ' fetch ' "$LOG" || fail "far away: $(cat "$LOG")"
	[ -z "$(find "$far" -name 'tmp-*')" ] || fail "left: $(find "$far")"
	unset XDG_CACHE_HOME
fi

# What others could have written to is not used, and that is told once.
unused()
{
	what=$1
	: >"$LOG"
	rm -rf open
	kelpie 0 install -p open
	there open
	grep -q ' fetch ' "$LOG" || fail "$what: it was used"
	expect err "^kelpie: warning: the cache is not used: .*$2"
	[ "$(grep -c 'the cache is not used' err)" -eq 1 ] ||
	    fail "$what: told more than once"
	rm -rf open
	kelpie 1 install -p open --offline
	expect err "needs the cache: .*$2"
	[ ! -e open/a ] || fail "$what: used offline"
}
cache=home/.cache/kelpie
for place in "$cache" "$cache/v1"; do
	for mode in 777 770 1777; do
		chmod $mode "$place"
		unused "$place $mode" "can be written by others \\(mode"
	done
	chmod 700 "$place"
	mv "$place" elsewhere
	ln -s "$T/elsewhere" "$place"
	unused "$place, a link" 'a symbolic link'
	rm "$place"
	: >"$place"
	unused "$place, a file" 'no directory'
	rm "$place"
	mv elsewhere "$place"
	[ "$(id -u)" -eq 0 ] || continue
	chown 65534 "$place"
	unused "$place of another user" 'another user \(65534\)'
	chown 0 "$place"
done
: >"$LOG"
kelpie 0 install -p used
there used
! grep -q ' fetch ' "$LOG" || fail 'it was damaged'
