#!/bin/sh
# cmake --install puts the program where it finds its module again.
. "$(dirname "$0")/lib.sh"
need cmake
make_role one v1
DESTDIR=$T/dest cmake --install "$KELPIE_BUILD" --prefix /opt/kelpie >log 2>&1 ||
    fail "$(cat log)"
[ "$(ls dest)" = opt ] || fail 'something outside of the prefix'
for file in bin/kelpie share/man/man1/kelpie.1 share/man/man5/kelpie-requirements.5; do
	[ -f "dest/opt/kelpie/$file" ] || fail "no $file"
done
cmake --install "$KELPIE_BUILD" --prefix "$T/prefix" >log 2>&1 || fail "$(cat log)"
expect_status 0 prefix/bin/kelpie install -p roles "git+file://$REPOS/one.git,v1"
version_is roles one v1
# Its own module, not the build tree's.
if [ -z "$KELPIE_SANITIZE" ]; then
	LD_DEBUG=files expect_status 0 prefix/bin/kelpie install -p more \
	    "git+file://$REPOS/one.git,v1"
	grep -q "$T/prefix/[^ ]*kelpie-fetch" err || fail 'not the module of the prefix'
	! grep "$KELPIE_BUILD" err >found || fail "the build tree: $(head -n 3 found)"
fi
# Found by PATH too.
expect_status 0 env PATH="$T/prefix/bin:$PATH" kelpie install -p path \
    "git+file://$REPOS/one.git,v1"
