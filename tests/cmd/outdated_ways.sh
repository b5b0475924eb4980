#!/bin/sh
# kelpie outdated over every kind of server, several of them in one run, and
# on a terminal that is too narrow for its table.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh_lib.sh"
for role in one two three four five six; do
	make_role $role v1.0.0
done
serve
FIRST=$URL
serve --mode v0
start_sshd 'AcceptEnv GIT_PROTOCOL'
port=$(free_port)
background git daemon --base-path="$REPOS" --export-all --reuseaddr \
    --listen=127.0.0.1 --port="$port" "$REPOS"
wait_for 'git daemon' git ls-remote "git://127.0.0.1:$port/one.git"
requirements <<-EOT
	- {src: $FIRST/one.git, version: "^1.0"}
	- {src: @URL@/two.git, version: "^1.0"}
	- {src: $SSH_URL/three.git, scm: git, version: "^1.0"}
	- {src: git://127.0.0.1:$port/four.git, version: "^1.0"}
	- {src: git+file://@REPOS@/five.git, version: "^1.0"}
	- {src: @URL@/six.git, version: main}
EOT
kelpie 0 install -p roles
kelpie 0 outdated -p roles
for role in one two three four five; do
	git -C "$REPOS/$role.git" tag v1.1.0 main
	git -C "$REPOS/$role.git" tag -a -m second v2.0.0 main
	git -C "$REPOS/$role.git" tag -f v1.0.0 main >/dev/null
done
kelpie 3 outdated -p roles --json
python3 - "$(commit_of one v2.0.0)" <<-'EOT' || fail 'another JSON'
	import json, sys
	for r in json.load(open("out"))["roles"]:
	    if r["name"] == "six":
	        assert r["state"] == "current" and r["newest"] == "v1.0.0", r
	        continue
	    assert r["allowed"] == "v1.1.0" and r["newest"] == "v2.0.0", r
	    assert r["state"] == "moved" and len(r["moved_tags"]) == 1, r
	    if r["name"] == "one":
	        assert r["newest_commit"] == sys.argv[1], r
EOT
no_ssh_left
kelpie 3 outdated -p roles --isolate -j 1 one three

# Ids, short ones, steps, full names: what can be said is said.
id=$(commit_of one main)
for version in "$id" "$(echo "$id" | cut -c 1-8)" main~1 refs/heads/main; do
	for base in "$FIRST" "$URL" "git+file://$REPOS"; do
		requirements <<-EOT
			- {src: $base/one.git, version: $version, name: one}
		EOT
		rm -rf roles
		kelpie 0 install -p roles
		kelpie 0 outdated -p roles
		expect out '^one .* +v2.0.0$'
	done
done

# A server that is away.
requirements <<-EOT
	- {src: http://127.0.0.1:$(free_port)/one.git, version: v1.0.0}
	- {src: @URL@/two.git, version: v2.0.0}
EOT
kelpie 1 outdated -p roles
expect err '^one: FAILED: .*127.0.0.1'
expect out '^two +- +v2.0.0 +v2.0.0 +not installed$'

# Stopped, and nothing is left.
serve --mode stall
requirements <<-'EOT'
	- {src: @URL@/one.git, version: v1.0.0}
EOT
start_kelpie outdated -p roles
wait_for 'a request' test -s "$LOG"
kill -INT "$kelpie_pid"
ended_killed Interrupt
[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
[ ! -s out ] || fail 'a table of nothing'
serve

# On a terminal no line is wider than that.
long=role_with_a_name_that_is_much_too_long_for_any_terminal
requirements <<-EOT
	- {src: @URL@/six.git, version: main, name: $long}
	- {src: @URL@/two.git, version: v2.0.0}
EOT
export TERM=xterm
for size in 80x24 50x10 20x5; do
	expect_status 3 python3 "$here/terminal.py" -s $size "$KELPIE" outdated -p roles
	tr '\r' '\n' <out | sed "s/$(printf '\033')\\[[0-9;]*[A-Za-z]//g" >words
	expect words '^ro[^ ]* .*v1.0.0'
	[ $size = 20x5 ] || ! grep -Eqx ".{$((${size%x*} + 1)),}" words ||
	    fail "wider than $size: $(cat words)"
done
export TERM=dumb
kelpie 3 outdated -p roles
expect out "^$long +- "
expect_plain out err
