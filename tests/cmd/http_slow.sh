#!/bin/sh
# A slow server is waited for, as long as there is a byte now and then.
. "$(dirname "$0")/lib.sh"
make_role one v1
head -c 6000 /dev/urandom >noise
git -C "$REPOS/one.git" fast-import --quiet <<EOT
commit refs/heads/main
committer A Tester <tester@example.org> 1700000001 +0000
data 1
x
from refs/heads/main^0
M 644 inline files/noise
data 6000
$(base64 -w0 noise | head -c 5999)
EOT
serve --mode slow
start=$(date +%s%N)
kelpie 0 install -p roles --timeout 1 "git+$URL/one.git,main"
took=$((($(date +%s%N) - start) / 1000000))
version_is roles one main
[ "$took" -gt 1200 ] || fail "it was not slow: $took ms"

# Also while there is nothing but refs to be read, for longer than the parent
# waits for a silent worker.
commit=$(commit_of one main)
for n in $(seq 300); do
	echo "create refs/tags/many/$n $commit"
done | git -C "$REPOS/one.git" update-ref --stdin
kelpie 0 install -p roles --timeout 1 --no-cache \
    "git+$URL/one.git,$(printf %.10s "$commit"),short"
grep -qx '  debug: {msg: one main}' roles/short/tasks/main.yml || fail short
