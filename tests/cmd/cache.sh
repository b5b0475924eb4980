#!/bin/sh
# kelpie cache tells what is there, and clean removes it.
. "$(dirname "$0")/lib.sh"
export XDG_CACHE_HOME="$T/c"
kelpie 0 cache
expect out "^the cache is empty: there is no '$T/c/kelpie'$"
kelpie 0 cache clean
[ ! -e c ] || fail 'looking made it'
mkdir -p c/kelpie/v1
chmod 700 c/kelpie c/kelpie/v1
repository=c/kelpie/v1/0123456789abcdef0123456789abcdef
mkdir "$repository"
echo https://example.org/x.git >"$repository/url"
head -c 999974 /dev/zero >"$repository/0123456789abcdef0123456789abcdef01234567.pack"
head -c 1000000 /dev/zero >"$repository/1123456789abcdef0123456789abcdef01234567.pack"
kelpie 0 cache
expect_out <<EOT
path: $T/c/kelpie
repositories: 1
packs: 2
size: 2.0 MB
EOT
touch -d '31 days ago' "$repository"/1*.pack
kelpie 0 cache clean --older 5w
expect out '^removed 0 repositories, 0 packs, 0 B$'
kelpie 0 cache clean --older 30d
expect out '^removed 0 repositories, 1 pack, 1.0 MB$'
[ "$(ls "$repository")" = "0123456789abcdef0123456789abcdef01234567.pack
url" ] || fail 'the wrong one is gone'
kelpie 0 cache clean
expect out '^removed 1 repository, 1 pack, 1.0 MB$'
[ ! -e "$repository" ] || fail 'it is still there'
for age in '' d x 30 30y -1d 1.5h 99999999999999d; do
	kelpie 2 cache clean --older "$age"
	expect err "^kelpie: --older '$age' is "
done
kelpie 2 cache --older 1d
expect err 'clean'
kelpie 2 cache purge
expect err "^kelpie: 'purge' is not known here"
kelpie 2 cache --nope
expect err "^kelpie: option '--nope' is not known"
kelpie 0 help cache
expect out '^usage: kelpie cache'
# One that others can write to is not trusted.
chmod 770 c/kelpie
kelpie 1 cache
expect err "^kelpie: '$T/c/kelpie' can be written by others"
