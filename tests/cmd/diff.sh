#!/bin/sh
# kelpie diff shows what was changed by hand as git would, every kind of
# change, and changes nothing; what it writes can be applied.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1 v1.1 v2
serve
requirements <<-'EOT'
	- {src: @URL@/one.git, version: v1}
	- {src: @URL@/two.git, version: v1}
EOT
kelpie 0 install -p roles
cp -r roles original

listed()
{
	find roles -printf '%p %i %m %s %T@ %C@ %l\n' | sort
}
diffs()
{
	listed >before
	kelpie "$@"
	listed | diff -u before - || fail 'something was changed'
	[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
}

diffs 0 diff -p roles one
expect_out </dev/null
mkdir roles/one/files/__pycache__ && touch roles/one/files/__pycache__/x roles/one/y.pyc
rm roles/one/meta/.galaxy_install_info
diffs 0 diff -p roles one
expect_out </dev/null
cp original/one/meta/.galaxy_install_info roles/one/meta/

sed -i 's/one v1/by hand/' roles/one/tasks/main.yml
printf 'no end' >>roles/one/tasks/main.yml
rm roles/one/meta/main.yml
chmod -x roles/one/files/run.sh
: >roles/one/files/empty
printf '#!/bin/sh\n' >roles/one/files/tool && chmod +x roles/one/files/tool
ln -s run.sh roles/one/files/link
mkdir roles/one/templates && echo deep >"roles/one/templates/with space"
printf 'a\0b' >roles/one/files/binary
diffs 1 diff -p roles one
sed "s/@TAB@/$(printf '\t')/" >want <<-'EOT'
	diff --git a/files/binary b/files/binary
	new file mode 100644
	Binary files /dev/null and b/files/binary differ
	diff --git a/files/empty b/files/empty
	new file mode 100644
	diff --git a/files/link b/files/link
	new file mode 120000
	--- /dev/null
	+++ b/files/link
	@@ -0,0 +1 @@
	+run.sh
	\ No newline at end of file
	diff --git a/files/run.sh b/files/run.sh
	old mode 100755
	new mode 100644
	diff --git a/files/tool b/files/tool
	new file mode 100755
	--- /dev/null
	+++ b/files/tool
	@@ -0,0 +1 @@
	+#!/bin/sh
	diff --git a/meta/main.yml b/meta/main.yml
	deleted file mode 100644
	--- a/meta/main.yml
	+++ /dev/null
	@@ -1,6 +0,0 @@
	-galaxy_info:
	-  author: A Tester
	-  description: a role for tests
	-  license: ISC
	-  min_ansible_version: "2.10"
	-dependencies: []
	diff --git a/tasks/main.yml b/tasks/main.yml
	--- a/tasks/main.yml
	+++ b/tasks/main.yml
	@@ -1,2 +1,3 @@
	 - name: Say it
	-  debug: {msg: one v1}
	+  debug: {msg: by hand}
	+no end
	\ No newline at end of file
	diff --git a/templates/with space b/templates/with space
	new file mode 100644
	--- /dev/null
	+++ b/templates/with space@TAB@
	@@ -0,0 +1 @@
	+deep
EOT
expect_out <want
diffs 1 diff -q -p roles one
expect_out </dev/null

# git takes it, and makes of the original what is there.
rm roles/one/files/binary
printf 'of\r\ndos\rand\r\n' >roles/one/files/dos
diffs 1 diff -p roles one
grep -q "^+of$(printf '\r')\$" out || fail 'a line end has been changed'
grep -q '^+dos\\x0dand' out || fail 'a carriage return goes to the screen'
sed -i 's/\r\(.\)/\1/' roles/one/files/dos
diffs 1 diff -p roles one
cp out patch
(cd original/one && git init -q && git add -A && git apply "$T/patch") ||
    fail 'git does not take the patch'
rm -rf original/one/.git original/one/meta/.galaxy_install_info roles/one/files/__pycache__ roles/one/y.pyc
same_tree original/one roles/one

# A file that became a link, a directory that became a file.
rm -r roles/one/files && echo x >roles/one/files
rm roles/one/tasks/main.yml && ln -s ../files roles/one/tasks/main.yml
diffs 1 diff -p roles one
expect out '^deleted file mode 100755$' '^\+\+\+ b/files$' \
    '^deleted file mode 100644$' '^new file mode 120000$' '^\+\.\./files$'

# What another version would bring: a tag, a branch, a commit, a range.
diffs 1 diff -p roles two v2
expect out '^-  debug: \{msg: two v1\}$' '^\+  debug: \{msg: two v2\}$'
diffs 1 diff -p roles two main
expect out '^\+  debug: \{msg: two main\}$'
diffs 1 diff -p roles two "$(commit_of two v1.1)"
expect out '^\+  debug: \{msg: two v1.1\}$'
diffs 1 diff -p roles two '<2'
expect out '^\+  debug: \{msg: two v1.1\}$'
diffs 0 diff -p roles two v1
diffs 2 diff -p roles two v9
expect err "^kelpie: two: .*v9"
expect_no err 'FAILED'

# From the cache alone, or not at all.
before=$(requests)
diffs 1 diff -p roles --offline two v2
[ "$(requests)" = "$before" ] || fail 'a server was asked'
rm -rf home/.cache
diffs 2 diff -p roles --offline one
expect err '^kelpie: one: .*not in the cache, and --offline'
diffs 1 diff -p roles one

# A commit that is not there any more, and a server that is not.
rm -rf home/.cache "$REPOS/one.git"
make_role one v0 v1
diffs 2 diff -p roles one
expect err "^kelpie: one: commit [0-9a-f]{40}, as which it was installed, is not at '$URL/one.git' any more$"
rm -rf "$REPOS/one.git"
diffs 2 diff -p roles one
expect err '^kelpie: one: .*one.git'
expect_no err 'lock file'

# In colours on a terminal, without them if NO_COLOR says so.
need python3
TERM=xterm python3 "$KELPIE_TOP/tests/cmd/terminal.py" \
    "$KELPIE" diff -p roles two v2 >screen || [ $? -eq 1 ] || fail 'no diff'
esc=$(printf '\033')
expect screen "$esc\[1mdiff --git a/files/run.sh b/files/run.sh$esc\[0m" \
    "$esc\[36m@@ -1,2 \+1,2 @@$esc\[0m" "$esc\[31m-echo v1$esc\[0m" \
    "$esc\[32m\+echo v2$esc\[0m"
TERM=xterm NO_COLOR=1 python3 "$KELPIE_TOP/tests/cmd/terminal.py" \
    "$KELPIE" diff -p roles two v2 >screen || [ $? -eq 1 ] || fail 'no diff'
expect screen '^-echo v1'
# The progress of the fetch may have had its own sequences before.
expect_no screen "$esc\[3[0-9]m" "$esc\[1m"
