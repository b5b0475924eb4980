# shellcheck shell=sh
# galaxy_lib.sh - Galaxy servers for the command tests, after lib.sh.

# How many have been started.
galaxies=0

# serve_galaxy DATA [OPTION...]: start a server that knows what the file DATA
# says; sets $GALAXY, its address, and $GLOG (one line a request).
serve_galaxy()
{
	galaxies=$((galaxies + 1))
	GLOG=$T/galaxy$galaxies.log
	: >"$GLOG"
	data=$1
	shift
	background python3 "$KELPIE_TOP/tests/server/galaxy.py" --data "$data" \
	    --root "$T/archives" --port-file "$T/galaxy$galaxies.port" \
	    --log "$GLOG" "$@" 2>"$T/galaxy$galaxies.err"
	# shellcheck disable=SC2034 # for the tests
	GALAXY_PID=$pid
	wait_for "the Galaxy's port" test -s "$T/galaxy$galaxies.port"
	GALAXY=http://127.0.0.1:$(cat "$T/galaxy$galaxies.port")
	for option; do
		[ "$option" != --cert ] ||
		    GALAXY=https://localhost:${GALAXY##*:}
	done
}

# Repositories of https://github.com/me/ are those of $REPOS, served over
# http from here.
on_github()
{
	serve "$@"
	printf '[url "%s/"]\n\tinsteadOf = https://github.com/me/\n' "$URL" \
	    >"$T/gitconfig"
	export GIT_CONFIG_GLOBAL="$T/gitconfig"
}

# asked N [PATTERN]: so many requests to the Galaxy (of that kind).
asked()
{
	got=$(grep -Ec -e "${2:-.}" "$GLOG" || :)
	[ "$got" -eq "$1" ] || fail "$got requests, not $1: $(cat "$GLOG")"
}
