#!/bin/sh
# A second roles directory: one request a repository for tags and branches,
# none for commit ids, and never a pack.  --no-cache leaves the cache alone.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
make_role three v1
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: main}
- {src: git+@URL@/three.git}
EOT
requirements ids.yml <<EOT
- {src: git+@URL@/one.git, version: $(commit_of one v1)}
- {src: git+@URL@/two.git, version: $(commit_of two main)}
- {src: git+@URL@/three.git, version: $(commit_of three main)}
EOT
all_there()
{
	version_is "$1" one v1
	version_is "$1" two main
	version_is "$1" three main
	no_litter "$1"
}
kelpie 0 install -p a
[ "$(requests)" -eq 6 ] || fail "first: $(cat "$LOG")"
: >"$LOG"
kelpie 0 install -p b
all_there b
[ "$(grep -c ls-refs "$LOG")" -eq 3 ] && [ "$(requests)" -eq 3 ] ||
    fail "tags and branches: $(cat "$LOG")"
: >"$LOG"
kelpie 0 install -p c -r ids.yml
all_there c
[ "$(requests)" -eq 0 ] || fail "commit ids: $(cat "$LOG")"
# A branch that has moved is not what the cache says.
: >"$LOG"
rm -rf "$REPOS/three.git"
make_role three v1 v2
git -C "$REPOS/three.git" update-ref refs/heads/main refs/tags/v2
kelpie 0 install -p d
version_is d three v2
[ "$(grep -c ' fetch ' "$LOG")" -eq 1 ] || fail "moved: $(cat "$LOG")"
# Nobody uses or fills it that must not.
rm -rf home/.cache
: >"$LOG"
kelpie 0 install -p e --no-cache
[ "$(requests)" -eq 6 ] || fail "no cache: $(cat "$LOG")"
[ ! -e home/.cache ] || fail "filled: $(find home/.cache)"
kelpie 0 install -p f
: >"$LOG"
KELPIE_NO_CACHE=yes kelpie 0 install -p g
[ "$(requests)" -eq 6 ] || fail "no cache: $(cat "$LOG")"
# Roles of the cache are copies: nobody changes it by editing one.
[ -z "$(find a b c -type f -links +1)" ] || fail 'a hard link'
# What lies on this machine is not copied twice.
rm -rf home/.cache
kelpie 0 install -p h "git+file://$REPOS/one.git,v1"
[ -z "$(find home/.cache -name '*.pack')" ] || fail 'a local source is kept'
