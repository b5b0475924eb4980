# shellcheck shell=sh
# lib.sh - what the command tests share.  Sourced first by each of them:
#
#	. "$(dirname "$0")/lib.sh"
#
# and, as ../cmd/lib.sh, by those of hostile/ and faults/.
#
# A test runs in an empty directory $T of its own with its own HOME, no
# configuration of git's or Ansible's, and a fixed author.  Everything that
# serve or background started ends with it; its directory is left when it
# fails, and named.
set -eu

test_name=$(basename "$0" .sh)
here=$(cd "$(dirname "$0")" && pwd)
: "${KELPIE_TOP:=$(cd "$here/../.." && pwd)}"
: "${KELPIE_BUILD:=$KELPIE_TOP/build/dev}"
: "${KELPIE:=$KELPIE_BUILD/kelpie}"
: "${KELPIE_PORTABLE:=0}" "${KELPIE_SANITIZE:=}" "${KELPIE_ROUNDS:=3}"
: "${KELPIE_CC:=cc}"

T=$(mktemp -d "${TMPDIR:-/tmp}/kelpie-$test_name.XXXXXX")
T=$(cd "$T" && pwd -P)
REPOS=$T/repos
pids=
undo=
mkdir "$T/home" "$T/tmp" "$REPOS"
cd "$T"

for variable in $(env | sed -n 's/^\(ANSIBLE_[A-Z0-9_]*\|KELPIE_\(JOBS\|PER_HOST\|TIMEOUT\|RETRIES\|NO_CACHE\|OFFLINE\|MIRROR\|SANDBOX\|LOCK_WAIT\)\|GIT_[A-Z0-9_]*\|[a-zA-Z]*_proxy\|[A-Z]*_PROXY\|XDG_[A-Z_]*\|SSL_CERT_[A-Z]*\)=.*/\1/p'); do
	unset "$variable"
done
unset NO_COLOR CLICOLOR CLICOLOR_FORCE FORCE_COLOR CDPATH COLUMNS LINES MAKEFLAGS MAKELEVEL
export HOME="$T/home" TMPDIR="$T/tmp" LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME='A Tester' GIT_AUTHOR_EMAIL=tester@example.org
export GIT_COMMITTER_NAME='A Tester' GIT_COMMITTER_EMAIL=tester@example.org
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
export ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=False
export ANSIBLE_REMOTE_TEMP="$T/tmp/ansible"
export PYTHONDONTWRITEBYTECODE=1
# Tests of retries ask for them.
export KELPIE_RETRIES=0
umask 022

# Whoever dies of what a sanitizer finds says so here: tests/sanitized.c.
unset KELPIE_FINDINGS
if [ -n "$KELPIE_SANITIZE" ]; then
	export KELPIE_FINDINGS="$T.findings"
	head -c 4096 /dev/zero >"$KELPIE_FINDINGS"
	chmod 666 "$KELPIE_FINDINGS"
fi

# crashes_expected: workers are made to crash here.
crashes_expected()
{
	crashes=expected
}
crashes=

# A worker that crashes is a failed role to its parent, and that may be just
# what a test wants to see; it is a bug all the same.
no_crash()
{
	[ -z "$crashes" ] || return 0
	! grep -aEq 'was killed by signal (4|5|6|7|8|11|31) ' \
	    "$T/out" "$T/err" 2>/dev/null || fail 'a worker crashed'
}

# shellcheck disable=SC2317 # a trap calls it
leave()
{
	status=$?
	trap - EXIT
	set +e
	if [ -n "$KELPIE_SANITIZE" ]; then
		[ -n "$crashes" ] ||
		    found=$(tr -d '\0' <"$KELPIE_FINDINGS")
		rm -f "$KELPIE_FINDINGS"
		[ -z "${found:-}" ] || {
			echo "FAIL: a sanitizer's: $found"
			status=1
		}
	fi
	eval "$undo"
	for pid in $pids; do
		kill "$pid" 2>/dev/null
		kill -CONT "$pid" 2>/dev/null # it may have been stopped
	done
	for pid in $pids; do
		wait "$pid" 2>/dev/null
	done
	cd /
	if [ "$status" -eq 0 ] || [ "$status" -eq 77 ]; then
		chmod -R u+rwX "$T" 2>/dev/null
		rm -rf "$T"
	else
		echo "test failed; its data is in $T"
	fi
	exit "$status"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# at_exit COMMAND...: run it when the test ends, however it ends.
at_exit()
{
	undo="$*; $undo"
}

fail()
{
	echo "FAIL: $*"
	for file in out err; do
		[ ! -s "$T/$file" ] || { echo "--- $file"; head -c 4000 "$T/$file"; }
	done
	exit 1
}

skip()
{
	echo "1..0 # SKIP $*"
	exit 77
}

need()
{
	for program; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
}

# ---- running and comparing ----

# To the shell an exit with 128 and more is as good as death by a signal,
# which only another parent can tell from it.
by_itself()
{
	: >"$T/killed"
	# shellcheck disable=SC2016 # for perl
	perl -e '
		open($told, ">", shift) or die;
		$status = system { $ARGV[0] } @ARGV;
		exit $status >> 8 if ($status & 127) == 0;
		print $told $status & 127;
	' "$T/killed" "$@"
}

# expect_status STATUS COMMAND...: what it says lands in $T/out and $T/err.
# Death by a signal is no exit, whatever the status.
expect_status()
{
	want=$1
	shift
	got=0
	if [ "$want" -gt 128 ]; then
		by_itself "$@" >"$T/out" 2>"$T/err" || got=$?
		[ ! -s "$T/killed" ] ||
		    fail "killed by signal $(cat "$T/killed"): $*"
	else
		"$@" >"$T/out" 2>"$T/err" || got=$?
	fi
	[ "$got" -eq "$want" ] || fail "status $got, not $want: $*"
	no_crash
}

# expect_killed SIGNAL COMMAND...: the same, but it dies of a signal.
expect_killed()
{
	want=$1
	shift
	got=0
	by_itself "$@" >"$T/out" 2>"$T/err" || got=$?
	[ "$(cat "$T/killed")" = "$want" ] ||
	    fail "status $got, not killed by signal $want: $*"
}

# kelpie STATUS ARGUMENT...
kelpie()
{
	want=$1
	shift
	expect_status "$want" "$KELPIE" "$@"
}

# expect_out [FILE]: FILE (out) holds just what comes on standard input.
expect_out()
{
	diff -u - "$T/${1:-out}" || fail "$T/${1:-out} differs"
}

# expect FILE PATTERN...: each pattern is found, as grep -E finds it.
expect()
{
	file=$1
	shift
	for pattern; do
		grep -Eq -e "$pattern" "$file" || fail "no '$pattern' in $file"
	done
}

# expect_no FILE PATTERN...: none is.
expect_no()
{
	file=$1
	shift
	for pattern; do
		! grep -Eq -e "$pattern" "$file" ||
		    fail "'$pattern' in $file: $(grep -E -e "$pattern" "$file")"
	done
}

# expect_nothing_to_do N: all N roles were there already.
expect_nothing_to_do()
{
	expect "$T/out" "nothing to do.* $1 roles? |$1 already there"
	expect_no "$T/out" '[1-9][0-9]* (installed|updated|failed)'
}

# No byte of the files could drive a terminal.
expect_plain()
{
	for file; do
		! LC_ALL=C grep -q '[[:cntrl:]]' "$file" ||
		    fail "control bytes in $file"
	done
}

# same_tree WANT GOT: the same names, types, links, contents and x bits,
# install info aside.
same_tree()
{
	python3 "$KELPIE_TOP/tests/cmd/treelist.py" "$1" >"$T/want.tree"
	python3 "$KELPIE_TOP/tests/cmd/treelist.py" --role "$2" >"$T/got.tree"
	diff -u "$T/want.tree" "$T/got.tree" || fail "$2 differs from $1"
}

# version_is ROLES NAME VERSION: that is what lies there.
version_is()
{
	grep -qx "  debug: {msg: $2 $3}" "$1/$2/tasks/main.yml" ||
	    fail "$1/$2 is not $3: $(cat "$1/$2/tasks/main.yml" 2>&1)"
}

# Nothing but state, lock and the like is left of a run.
no_litter()
{
	[ -d "$1" ] || return 0
	for dir in stage trash; do
		[ ! -d "$1/.kelpie/$dir" ] ||
		    [ -z "$(ls -A "$1/.kelpie/$dir")" ] ||
		    fail "left in $1/.kelpie/$dir: $(ls -A "$1/.kelpie/$dir")"
	done
	[ ! -s "$1/.kelpie/journal" ] || fail "a journal is left in $1"
}

# ---- repositories and servers ----

# make_role NAME [TAG...]: $REPOS/NAME.git, one commit a tag, each another
# content; the branch main is one further and says "main".  $DEPENDENCIES is
# what its meta/main.yml says of them.
make_role()
{
	role=$1
	shift
	git init -q --bare -b main "$REPOS/$role.git"
	for tag in "$@" main; do
		cat <<-END
			commit refs/heads/main
			committer A Tester <tester@example.org> 1700000000 +0000
			data <<EOT
			$tag
			EOT
			M 644 inline meta/main.yml
			data <<EOT
			galaxy_info:
			  author: A Tester
			  description: a role for tests
			  license: ISC
			  min_ansible_version: "2.10"
			dependencies: ${DEPENDENCIES-[]}
			EOT
			M 644 inline tasks/main.yml
			data <<EOT
			- name: Say it
			  debug: {msg: $role $tag}
			EOT
			M 755 inline files/run.sh
			data <<EOT
			#!/bin/sh
			echo $tag
			EOT

		END
		[ "$tag" = main ] || printf 'reset refs/tags/%s\nfrom refs/heads/main\n\n' "$tag"
	done | git -C "$REPOS/$role.git" fast-import --quiet --force
}

# commit_of NAME REF
commit_of()
{
	git -C "$REPOS/$1.git" rev-parse "$2^{commit}"
}

# background COMMAND...: start it; it ends with the test.  Sets $pid.
background()
{
	"$@" </dev/null &
	pid=$!
	pids="$pids $pid"
}

# stop PID: end it and wait for that.
stop()
{
	kill "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
	pids=$(printf ' %s ' "$pids" | sed "s/ $1 / /")
}

# wait_for WHAT COMMAND...: until the command succeeds, ten seconds at most.
wait_for()
{
	what=$1
	shift
	for _ in $(seq 500); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.02
	done
	fail "waited in vain for $what"
}

# A port on loopback that nobody listens on just now.
free_port()
{
	python3 -c '
import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# serve [OPTION...]: start the test server over $REPOS; sets $URL, $PORT,
# $LOG (one line a request) and $SERVER.
servers=0
serve()
{
	servers=$((servers + 1))
	LOG=$T/requests$servers.log
	: >"$LOG"
	background python3 "$KELPIE_TOP/tests/server/gitserve.py" --root "$REPOS" \
	    --port 0 --port-file "$T/port$servers" --log "$LOG" "$@" \
	    2>"$T/server$servers.err"
	# shellcheck disable=SC2034 # for the tests
	SERVER=$pid
	wait_for "the server's port" test -s "$T/port$servers"
	PORT=$(cat "$T/port$servers")
	URL=http://127.0.0.1:$PORT
	for option; do
		[ "$option" != --cert ] || URL=https://localhost:$PORT
	done
}

# How many requests the server saw.
requests()
{
	wc -l <"$LOG"
}

# make_ca NAME: a certificate authority NAME.pem, and NAME-host.pem and
# NAME-host.key for localhost.
make_ca()
{
	need openssl
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -keyout "$T/$1.key" -out "$T/$1.pem" -days 2 \
	    -subj "/CN=test authority $1" 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	    -keyout "$T/$1-host.key" -out "$T/$1-host.csr" \
	    -subj /CN=localhost 2>/dev/null
	printf 'subjectAltName=DNS:%s\n' "${2:-localhost},IP:127.0.0.1" >"$T/$1.ext"
	openssl x509 -req -in "$T/$1-host.csr" -CA "$T/$1.pem" \
	    -CAkey "$T/$1.key" -CAcreateserial -days 2 -extfile "$T/$1.ext" \
	    -out "$T/$1-host.pem" 2>/dev/null
}

# requirements [FILE]: write it from standard input; @URL@ and @REPOS@ are
# filled in.
requirements()
{
	sed -e "s|@URL@|${URL:-}|g" -e "s|@REPOS@|$REPOS|g" \
	    >"${1:-requirements.yml}"
}

# ---- processes ----

# The processes that PID has started and that are still there.
children()
{
	python3 -c '
import os, sys
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open("/proc/%s/stat" % pid) as f:
            if f.read().rpartition(")")[2].split()[1] == sys.argv[1]:
                print(pid)
    except OSError:
        pass
' "$1"
}

# Is any of the processes alive?  A zombie is not.
alive()
{
	for process; do
		! grep -q '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$process/status" \
		    2>/dev/null || return 0
	done
	return 1
}

ended()
{
	! alive "$@"
}

# interruptible COMMAND...: with SIGINT as in a terminal; a shell ignores it
# in what it starts with '&'.
interruptible()
{
	exec python3 -c '
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}

# start_kelpie ARGUMENT...: in the background, as $kelpie_pid, with out and
# err as its streams.
start_kelpie()
{
	background interruptible "$KELPIE" "$@" >"$T/out" 2>"$T/err"
	kelpie_pid=$pid
}

# How $kelpie_pid ended, as dash tells it: "Done(130)", or what the signal
# was.  Other shells say nothing.
its_end()
{
	while alive "$kelpie_pid"; do
		sleep 0.02
	done
	jobs -l >"$T/jobs"
	sed -n "s/^.* $kelpie_pid *\(.*[^ ]\) *$/\1/p" "$T/jobs"
}

# ended_with STATUS: wait for $kelpie_pid and look.
ended_with()
{
	got=0
	[ "$1" -le 128 ] || its_end >"$T/end"
	if [ "$1" -gt 128 ] && [ -s "$T/end" ]; then
		grep -q '^Done' "$T/end" || fail "killed: $(cat "$T/end")"
		got=$(tr -dc 0-9 <"$T/end")
	else
		wait "$kelpie_pid" || got=$?
	fi
	[ "${got:-0}" -eq "$1" ] || fail "status ${got:-0}, not $1"
	no_crash
}

# ended_killed WORD: it died of a signal, which dash calls so.
ended_killed()
{
	its_end >"$T/end"
	[ ! -s "$T/end" ] || grep -q "^$1" "$T/end" ||
	    fail "not killed: $(cat "$T/end")"
}
