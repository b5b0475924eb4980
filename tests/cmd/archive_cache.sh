#!/bin/sh
# An archive is fetched once in a run, and not at all where the cache has what
# the checksum asks for; what is damaged there is fetched again.
. "$(dirname "$0")/lib.sh"
mkdir -p x-1/meta repos/files
echo '{}' >x-1/meta/main.yml
tar czf repos/files/x.tar.gz x-1
sum=$(sha256sum repos/files/x.tar.gz | cut -d' ' -f1)
serve
for n in $(seq 8); do
	echo "- {src: $URL/files/x.tar.gz, name: x$n}"
done >r.yml
kelpie 0 install -r r.yml -p roles
expect out '8 installed'
[ "$(requests)" -eq 1 ] || fail "$(requests) requests"
kelpie 0 install -r r.yml -p fresh --no-cache
[ "$(requests)" -eq 9 ] || fail "$(requests) requests without a cache"

# Without a checksum it could be another one by now.
kelpie 0 install "$URL/files/x.tar.gz" -p second
[ "$(requests)" -eq 10 ] || fail "$(requests) requests"
kelpie 1 install "$URL/files/x.tar.gz" -p third --offline
expect err 'not in the cache'

echo "- {src: $URL/files/x.tar.gz, checksum: 'sha256:$sum'}" >p.yml
kelpie 0 install -r p.yml -p fourth --offline
cmp x-1/meta/main.yml fourth/x/meta/main.yml
[ "$(requests)" -eq 10 ] || fail 'a request for what is in the cache'
kelpie 0 cache
expect out 'packs: 1'

pack=$(find home/.cache/kelpie -name "$sum.pack")
[ -n "$pack" ] || fail 'no archive in the cache'
echo damage >"$pack"
kelpie 1 install -r p.yml -p fifth --offline
kelpie 0 install -r p.yml -p fifth
[ "$(requests)" -eq 11 ] || fail "$(requests) requests"
kelpie 0 install -r p.yml -p sixth --offline
no_litter sixth
