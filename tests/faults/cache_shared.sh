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
chmod 777 home/.cache/kelpie
: >"$LOG"
kelpie 0 install -v -p open
there open
grep -q ' fetch ' "$LOG" || fail 'a cache that others can write to was used'
expect err 'no cache: .*written by others'
chmod 700 home/.cache/kelpie
mv home/.cache/kelpie elsewhere
ln -s "$T/elsewhere" home/.cache/kelpie
: >"$LOG"
kelpie 0 install -v -p linked
there linked
grep -q ' fetch ' "$LOG" || fail 'a link was followed'
