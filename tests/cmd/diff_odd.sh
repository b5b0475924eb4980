#!/bin/sh
# kelpie diff with names and contents that are odd, and roles of which there
# is nothing to compare.
. "$(dirname "$0")/lib.sh"
need python3
make_role one v1
mkdir -p copied/meta copied/tasks && echo '{}' >copied/meta/main.yml
git -C "$REPOS" archive --remote=one.git --prefix=arch/ v1 2>/dev/null | gzip >arch.tar.gz
requirements <<-'EOT'
	- {src: "git+file://@REPOS@/one.git", version: v1, name: one}
	- {src: fs+copied, name: copied}
	- {src: fs+copied, type: link, name: linked}
	- {src: ./arch.tar.gz, name: arch}
EOT
kelpie 0 install -p roles

# Names: git's quoting for control characters, quotes and backslashes.
python3 - <<-'EOT'
	import os
	for name in (b"tab\there", b"new\nline", b'quo"te', b"back\\slash", b"esc\x1b[31m",
	             "gr\u00fc\u00df".encode(), b"raw\xff", "bidi\u202e".encode()):
	    with open(b"roles/one/files/" + name, "wb") as f:
	        f.write(b"x\n")
	# Contents: what could drive a terminal; the tab and the backslash stay.
	with open("roles/one/tasks/main.yml", "wb") as f:
	    f.write(b"\x1b]0;title\x07\x9b31m \xc2\x9b \xe2\x80\xae \\d\ttab\r\n--- a/x\n+++ b/x\n@@ -1 @@\n\xff\n")
EOT
kelpie 1 diff -p roles one
# A carriage return at the end of a line leaves for a file, not for a screen.
LC_ALL=C sed 's/\r$//' out | LC_ALL=C tr -d '\n\t' >plain
expect_plain plain
cr=$(printf '\r')
expect out '^\+\+\+ "b/files/tab\\there"$' '^\+\+\+ "b/files/new\\nline"$' \
    '^\+\+\+ "b/files/quo\\"te"$' '^\+\+\+ "b/files/back\\\\slash"$' \
    '^\+\+\+ "b/files/esc\\033\[31m"$' '^\+\+\+ b/files/grüß$' \
    '^\+\+\+ b/files/raw\\xff$' '^\+\+\+ b/files/bidi\\xe2\\x80\\xae$' \
    '^\+\\x1b\]0;title\\x07\\x9b31m \\xc2\\x9b \\xe2\\x80\\xae \\d	tab'"$cr\$" \
    '^\+--- a/x$' '^\+\+\+\+ b/x$' '^\+@@ -1 @@$' '^\+\\xff$'
# What a file says is not taken for a header.
TERM=xterm python3 "$KELPIE_TOP/tests/cmd/terminal.py" \
    "$KELPIE" diff -p roles one >screen || [ $? -eq 1 ] || fail 'no diff'
esc=$(printf '\033')
expect screen 'tab\\x0d' "$esc\[32m\+--- a/x$esc\[0m" "$esc\[32m\+\+\+\+ b/x$esc\[0m"
kelpie 1 verify -p roles one
LC_ALL=C tr -d '\n' <out >plain
expect_plain plain

# A line of any length is whole; a large file only differs.
python3 - <<-'EOT'
	with open("roles/one/tasks/main.yml", "w") as f:
	    f.write("long" * 5000 + " end\n")
	with open("roles/one/files/large", "wb") as f:
	    f.truncate(3 << 30)
	with open("roles/one/files/lines", "w") as f:
	    for i in range(500000):
	        f.write("%d\n" % (i * i % 7))
EOT
mkfifo roles/one/files/fifo
kelpie 1 diff -p roles one
awk '/^\+long.* end$/ && length == 20005 { n++ } END { exit n != 1 }' out ||
    fail 'a long line was cut'
expect out '^Files /dev/null and b/files/large differ: larger than 1 MiB$' \
    '^Files /dev/null and b/files/fifo differ: one is a device' \
    '^@@ -0,0 \+1,500000 @@$'
[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
# More than anybody would read is an error.
for i in $(seq 70); do
	yes "a line of a file that is as large as it may be, number $i" |
	    head -c 1000000 >"roles/one/files/many$i"
done
kelpie 2 diff -p roles one
expect err '^kelpie: one: the diff: it says more than 67108864 bytes$'
expect_out </dev/null

# A copy of a directory: known as long as that stays what it was.
kelpie 0 diff -p roles copied
echo '# by hand' >>roles/copied/meta/main.yml
kelpie 1 diff -p roles copied
expect out '^\+# by hand$'
kelpie 1 verify -p roles copied
expect out '^copied: changed: meta/main.yml$'
kelpie 2 diff -p roles copied v1
expect err '^kelpie: copied: it comes from a directory, which has no versions$'
echo '# meanwhile' >>copied/meta/main.yml
kelpie 2 diff -p roles copied
expect err "^kelpie: copied: '$T/copied' is not what it was when it was copied"
kelpie 1 verify -p roles copied
expect out '^copied: changed \('

# An archive, a link, another tool's, nobody's, none.
echo '# by hand' >>roles/arch/tasks/main.yml
kelpie 1 diff -p roles arch
expect out '^\+# by hand$'
kelpie 2 diff -p roles arch v2
expect err '^kelpie: arch: it comes from an archive, which has no versions$'
kelpie 2 diff -p roles linked
expect err "^kelpie: linked: is a link to '$T/copied'"
echo 'install_date: x' >roles/arch/meta/.galaxy_install_info
kelpie 2 diff -p roles arch
expect err '^kelpie: arch: nobody knows what it was: another tool installed it'
mkdir -p roles/own/meta && echo '{}' >roles/own/meta/main.yml
kelpie 2 diff -p roles own
expect err '^kelpie: own: nobody knows what it was: no tool installed it'
kelpie 2 diff -p roles nobody
expect err '^kelpie: nobody: is not installed$'
kelpie 2 diff -p roles ../one
kelpie 2 diff -p roles one --bad
kelpie 2 diff -p roles one v1 more
kelpie 2 diff -p roles one -- -x
