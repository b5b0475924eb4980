#!/bin/sh
# On a terminal running roles have lines, which are gone at the end; colours
# only there, and not with NO_COLOR.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
serve --delay 150
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
escape=$(printf '\033')
export TERM=xterm
for size in 80x24 40x10 20x5; do
	rm -rf roles
	expect_status 0 python3 "$here/terminal.py" -s $size "$KELPIE" install -p roles
	grep -q "$escape" out || fail 'nothing live on the terminal'
	grep -Eq '\[[0-2]/2\]' out || fail 'no total'
	sed "s/$escape\\[[0-9;]*[A-Za-z]//g" out >words
	expect words 'one: installed' '2 installed'
done
rm -rf roles
expect_status 0 python3 "$here/terminal.py" -k 'one' resize:30x8 "$KELPIE" install -p roles
grep -q "$escape\\[[0-9;]*[1-9][0-9;]*m" out || fail 'no colours on a terminal'
rm -rf roles
export NO_COLOR=1
expect_status 0 python3 "$here/terminal.py" "$KELPIE" install -p roles
! grep -q "$escape\\[[0-9;]*[1-9][0-9;]*m" out || fail 'colours with NO_COLOR'
rm -rf roles
unset NO_COLOR
kelpie 0 install -p roles
expect_plain out err
