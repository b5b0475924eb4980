#!/bin/sh
# Called ansible-galaxy: its exit statuses.
# labels: core
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
make_role one v1
alone
galaxy 2
expect err '^usage: ansible-galaxy ' '^ERROR! .*required: TYPE'
galaxy 2 role
expect err 'required: ROLE_ACTION'
galaxy 2 nosuch
expect err "invalid choice: 'nosuch'"
galaxy 2 role nosuch
galaxy 2 --nosuch
for words in '--f x' '--nope x' '-z x' '-r' '-r -v' '--timeout x y' \
    '--force=1 x' '-n --force-with-deps x' '--jobs 2 x'; do
	# shellcheck disable=SC2086
	galaxy 2 install $words
	expect err '^usage: ansible-galaxy .*install' '^ERROR! '
	[ ! -s out ] || fail 'something on standard output'
done
for words in install 'role install -f' '-v install -p roles'; do
	# shellcheck disable=SC2086
	galaxy 5 $words
	expect out '^usage: ansible-galaxy'
	expect err '^ERROR! - you must specify a user/role name or a roles file$'
done
for words in -h --help 'role -h' 'role install --help' 'install -h'; do
	# shellcheck disable=SC2086
	galaxy 0 $words
	expect out '^usage: ansible-galaxy'
	[ ! -s err ] || fail 'something on standard error'
done
galaxy 1 install -r none.yml
expect err '^ERROR! none\.yml: No such file'
galaxy 1 role install -p roles "git+file://$REPOS/none.git"
galaxy 0 role install -p roles -i "git+file://$REPOS/none.git"
galaxy 0 role install -p roles "git+file://$REPOS/one.git,v1"
# A roles directory that is not to be written.
: >file
galaxy 1 role install -p file "git+file://$REPOS/one.git,v1"
expect err '^ERROR! '

# Ctrl-C.
serve --mode stall
background interruptible ansible-galaxy install -p roles \
    "git+$URL/one.git,v1,stalls" >out 2>err
wait_for 'a request' eval "[ \$(wc -l <'$LOG') -ge 1 ]"
kill -INT "$pid"
got=0
wait "$pid" || got=$?
[ "$got" -eq 99 ] || fail "status $got, not 99"
expect err '^ERROR! User interrupted execution$'
no_litter roles
