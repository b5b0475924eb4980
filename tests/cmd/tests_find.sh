#!/bin/sh
# What the tests themselves promise: death by a signal is no exit status, a
# worker that crashes fails the test whatever it expected, and so does what a
# sanitizer finds, in whom ever; memory that leaks is found.
. "$(dirname "$0")/lib.sh"

# inner NAME: a test of its own, from standard input.
inner()
{
	{
		# shellcheck disable=SC2016 # for the inner one
		echo '. "$KELPIE_TOP/tests/cmd/lib.sh"'
		cat
	} >"$1.sh"
	got=0
	sh "$1.sh" >"$1.out" 2>&1 || got=$?
}

passes()
{
	inner "$1"
	[ "$got" -eq 0 ] || fail "$1 failed: $(cat "$1.out")"
}

fails()
{
	inner "$1"
	[ "$got" -eq 1 ] || fail "$1 ended with $got: $(cat "$1.out")"
	expect "$1.out" "$2"
}

export KELPIE_TOP KELPIE_BUILD KELPIE_SANITIZE

# ---- signals ----

passes own_exit <<-'END'
	expect_status 139 sh -c 'exit 139'
	expect_status 1 sh -c 'exit 1'
END
fails signal 'killed by signal 11' <<-'END'
	expect_status 139 sh -c 'kill -SEGV $$'
END
fails signal_for_a_failure 'status 139, not 1' <<-'END'
	expect_status 1 sh -c 'kill -SEGV $$'
END
passes later_exit <<-'END'
	KELPIE=sh
	start_kelpie -c 'exit 143'
	ended_with 143
	start_kelpie -c 'exit 1'
	ended_with 1
END
# What other shells than Debian's do not tell.
[ "$(readlink -f /bin/sh)" != /usr/bin/dash ] ||
fails later_signal 'killed: Terminated' <<-'END'
	KELPIE=sh
	start_kelpie -c ': >begun; exec sleep 60'
	wait_for 'its begin' test -e begun
	kill -TERM "$kelpie_pid"
	ended_with 143
END
fails terminal 'killed by signal 15' <<-'END'
	expect_status 143 python3 "$KELPIE_TOP/tests/cmd/terminal.py" \
	    sh -c 'kill -TERM $$'
END
passes killed <<-'END'
	expect_killed 15 sh -c 'kill -TERM $$'
END
fails not_killed 'status 143, not killed' <<-'END'
	expect_killed 15 sh -c 'exit 143'
END

# ---- workers ----

cat >crashed <<-'END'
	echo "one: the worker was killed by signal 11 (Segmentation fault)" >&2
	exit 1
END
fails worker 'a worker crashed' <<-END
	expect_status 1 sh "$T/crashed"
END
passes worker_expected <<-END
	crashes_expected
	expect_status 1 sh "$T/crashed"
END

# ---- sanitizers ----

selftest=$KELPIE_BUILD/tests/selftest
[ -n "$KELPIE_SANITIZE" ] || exit 0
passes none <<-END
	expect_status 0 "$selftest" none
END
for fault in heap overflow abort; do
	fails "$fault" "FAIL: a sanitizer's" <<-END
		expect_status 0 "$selftest" $fault
	END
	fails "${fault}_far_off" "FAIL: a sanitizer's" <<-END
		env -u ASAN_OPTIONS -u UBSAN_OPTIONS "$selftest" $fault \
		    >/dev/null 2>&1 || :
	END
done
fails leak "FAIL: a sanitizer's" <<-END
	"$selftest" leak || :
END
got=0
env -u KELPIE_FINDINGS "$selftest" leak >out 2>err || got=$?
[ "$got" -ne 0 ] || fail "memory that leaks is not found"
expect err 'LeakSanitizer'
