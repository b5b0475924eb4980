#!/bin/sh
# Called ansible-galaxy: no colours and no live lines, not even on a terminal,
# where both its streams are one.
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
make_role one v1
make_role two v1
serve --delay 100
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/nosuch.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
export TERM=xterm
expect_status 1 python3 "$here/terminal.py" ansible-galaxy install \
    -r requirements.yml -p roles
tr -d '\r' <out >words
expect_plain words
expect words '^- one \(v1\) was installed successfully$' \
    '^- two \(v1\) was installed successfully$' '^ERROR! - you can use'
[ "$(wc -l <words)" -eq 7 ] || fail 'not seven lines'
