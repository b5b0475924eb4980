#!/bin/sh
# Schemes that kelpie does not take, and sources that are options, are
# refused before anything is fetched.
. "$(dirname "$0")/lib.sh"
n=0
for src in 'ext::sh -c id' 'ftp://h/x.git' 'gopher://h/x' 'javascript://x' \
    '-ccore.sshCommand=x' '--upload-pack=x' 'git+-x' 'ssh://-oProxyCommand=x/y' \
    'git+git@-oX:y' 'http://' 'https:///x.git' 'http://h:99999/x' \
    'http://h:0/x' 'http://h ost/x' 'http://h\x/y' 'hg+http://h/x'; do
	n=$((n + 1))
	printf -- "- {src: '%s', name: x, scm: git}\n" "$src" >r.yml
	kelpie 1 install -r r.yml -p roles
	expect err 'r\.yml:1:[0-9]+: '
	[ ! -e roles ] || fail "$src made a directory"
done
[ "$n" -eq 16 ] || fail "$n sources"
