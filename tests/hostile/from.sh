#!/bin/sh
# kelpie install --from a tar as a stranger may have made it: what comes of it
# is the right role or none, and nothing outside of the scratch directory.
. "$(dirname "$0")/../cmd/lib.sh"
make_role web v1
make_role other v1
serve
requirements <<-'EOT'
	- {src: @URL@/web.git, version: v1}
	- {src: @URL@/other.git, version: v1}
EOT
kelpie 0 install --lock -p roles
kelpie 0 download
web=$(commit_of web v1)
mkdir tars outside
python3 "$here/from.py" tars kelpie-mirror "$web"
stop "$SERVER"
for tar in tars/*.tar; do
	rm -rf outside/*
	(cd outside && kelpie 1 install --from "../$tar" -p roles)
	[ ! -e outside/roles/web ] || fail "$tar: web was installed"
	[ ! -e outside/roles/other ] ||
	    diff -r -x .galaxy_install_info roles/other outside/roles/other
	[ "$(ls -A outside)" = roles ] || [ -z "$(ls -A outside)" ] ||
	    fail "$tar: in outside: $(ls -A outside)"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "$tar: left: $(ls -A "$TMPDIR")"
	find . -name evil | grep . && fail "$tar: a file outside"
	expect_plain err
	case $tar in
	*/compressed.tar | */noise.tar | */empty.tar | */cut.tar | */twice*.tar | \
	    */bomb.tar | */liar.tar | */no_lock.tar | */index_gone.tar | \
	    */zeros.tar)
		expect err "^kelpie: ../$tar: "
		[ ! -e outside/roles ] || fail "$tar: something was done"
		;;
	*)
		expect err "^web: FAILED: "
		[ -e outside/roles/other ] || fail "$tar: other is missing"
		;;
	esac
done
