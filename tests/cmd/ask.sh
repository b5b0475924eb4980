#!/bin/sh
# --ask: user and password of each host that none is known for, once, on the
# terminal and before the start; the password is not shown.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
serve --basic shepherd:s3cr3tword
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
expect_status 0 python3 "$here/terminal.py" -k 'user name for' 'shepherd\n' \
    -k 'password for' 's3cr3tword\n' "$KELPIE" install --ask -p roles
version_is roles one v1
version_is roles two v1
expect out "user name for http://127.0.0.1:$PORT: shepherd" \
    "password for http://127.0.0.1:$PORT: "
[ "$(grep -c 'password for' out)" -eq 1 ] || fail 'asked twice'
expect_no out s3cr3tword
expect_no "$LOG" ' 401 '
# Nothing to fetch, nothing to ask.
expect_status 0 python3 "$here/terminal.py" "$KELPIE" install --ask -p roles
expect_no out 'user name'

expect_status 1 python3 "$here/terminal.py" -k 'user name for' 'shepherd\n' \
    -k 'password for' 'wr0ngword\n' "$KELPIE" install --ask -p b --no-cache
expect out 'one: FAILED: .*refuses the user or the password; they were given'
expect_no out wr0ngword

# Without a terminal, it is the command line that is wrong.
expect_status 2 setsid -w "$KELPIE" install --ask -p c --no-cache
expect err 'no terminal'
# Known from ~/.netrc: not asked.
echo 'machine 127.0.0.1 login shepherd password s3cr3tword' >home/.netrc
expect_status 0 setsid -w "$KELPIE" install --ask -p c --no-cache
# Ctrl-C at the question.
rm home/.netrc
expect_killed 2 python3 "$here/terminal.py" -k 'user name for' '\x03' \
    "$KELPIE" install --ask -p d --no-cache
no_litter d
