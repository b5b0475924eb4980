#!/bin/sh
# Without -r each name is a spec, and no file is read.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1
echo 'this: [is broken' >requirements.yml
kelpie 0 install -p roles "git+file://$REPOS/one.git,v2" \
    "git+file://$REPOS/two.git,v1,second" git+repos/two.git,v1
version_is roles one v2
grep -q 'two v1' roles/second/tasks/main.yml || fail second
version_is roles two v1
got=0
"$KELPIE" install -p roles ./nosuch,v1,x >out 2>err || got=$?
[ "$got" -ne 0 ] || fail 'a path that is not there'
got=0
"$KELPIE" install -p roles 'a,b,c,d' >out 2>err || got=$?
[ "$got" -eq 1 ] || [ "$got" -eq 2 ] || fail "status $got for four parts"
