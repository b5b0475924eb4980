#!/bin/sh
# Called ansible-galaxy: what kelpie does not do goes to the next one on PATH,
# word by word, and its exit status comes back.
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
alone
next_one "$T/next" 7
PATH=$T/bin:$T/next:$T/few
galaxy 7 collection install -p 'a b' "c'd" '' -- -x
called_with "[collection][install][-p][a b][c'd][][--][-x]"
galaxy 7 -vv role search --author me thing
called_with '[-vv][role][search][--author][me][thing]'
for verb in import setup delete login search; do
	galaxy 7 $verb --any thing
	called_with "[$verb][--any][thing]"
done
galaxy 7 install -g git+file:///x.git -fp roles
called_with '[install][-g][git+file:///x.git][-fp][roles]'
galaxy 7 --version
called_with '[--version]'

# None: a clear word; --version has a line that tools understand.
PATH=$T/bin:$T/few
for words in 'collection install x.y' 'search x' 'role import a b' \
    'install -g git+file:///x.git'; do
	# shellcheck disable=SC2086
	galaxy 1 $words
	expect err "^ERROR! kelpie .*: there is no other ansible-galaxy on PATH\$"
	[ ! -s out ] || fail 'something on standard output'
done
galaxy 0 --version
expect out '^ansible-galaxy \[core 2\.[0-9]+\.[0-9]+\]$' 'kelpie [0-9]'

# Neither a hard link nor another symbolic link is another; a copy is, and
# does not come back to us.
mkdir hard soft copy
ln "$KELPIE" hard/ansible-galaxy 2>/dev/null || ln -s "$KELPIE" hard/ansible-galaxy
ln -s "$T/hard/ansible-galaxy" soft/ansible-galaxy
cp "$KELPIE" copy/ansible-galaxy
PATH=$T/bin:$T/hard:$T/soft:$T/few
galaxy 1 collection list
PATH=$T/bin:$T/copy:$T/soft:$T/few
expect_status 1 timeout 20 ansible-galaxy collection list
expect_status 1 timeout 20 copy/ansible-galaxy collection list
PATH=$T/soft:$T/copy:$T/bin:$T/next:$T/few
galaxy 7 collection list
called_with '[collection][list]'
# One that stands before us is taken if none follows; kelpie may be called by
# a path, too.
PATH=$T/next:$T/bin:$T/few
expect_status 7 bin/ansible-galaxy collection list
called_with '[collection][list]'
PATH=$T/next:$T/few
expect_status 7 copy/ansible-galaxy collection list
called_with '[collection][list]'
# Neither a directory nor what cannot be run is a program.
mkdir -p odd/ansible-galaxy plain
: >plain/ansible-galaxy
PATH=$T/bin:$T/odd:$T/plain:$T/next:$T/few
galaxy 7 collection list
called_with '[collection][list]'
