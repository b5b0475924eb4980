#!/bin/sh
# A confined worker finds its host: by a name server, over UDP and over TCP,
# where nsswitch.conf names files and dns and nothing else, with a resolv.conf
# that is a link to another directory; and by the file of hosts.
. "$(dirname "$0")/lib.sh"
need unshare ip
[ "$(id -u)" -eq 0 ] || skip 'not root'
unshare -mn true 2>/dev/null || skip 'no namespaces here'
make_role one v1
mkdir etc
cp -a /etc/passwd /etc/group etc/
for path in /etc/alternatives /etc/ld.so.cache /etc/localtime; do
	[ ! -e "$path" ] || cp -a "$path" etc/
done
mkdir resolver
printf 'nameserver 127.0.0.2\noptions timeout:2 attempts:1\n' >resolver/stub.conf
ln -s "$T/resolver/stub.conf" etc/resolv.conf
echo 'hosts: files dns' >etc/nsswitch.conf
printf '127.0.0.1 localhost\n127.0.0.1 git.hosts.test\n' >etc/hosts
cat >inside.sh <<'EOT'
set -eu
ip link set lo up
mount --make-rprivate /
mount --bind "$T/etc" /etc
. "$KELPIE_TOP/tests/cmd/lib.sh"
cd "$1"
background python3 "$KELPIE_TOP/tests/cmd/dnsserve.py" "$1/asked"
wait_for 'the name server' test -e "$1/asked"
REPOS=$1/repos
serve
for host in git.udp.test git.tcp.test git.hosts.test; do
	kelpie 0 install -p "$1/$host" -v \
	    "git+http://$host:$PORT/one.git,v1"
	version_is "$1/$host" one v1
	grep 'confined by' "$T/err" >"$1/level"
done
# What has no name says so.
kelpie 1 install -p "$1/none" --retries 0 "git+http://git.none.test:$PORT/one.git"
expect "$T/err" 'one: FAILED: .*name|resolve'
EOT
export T KELPIE KELPIE_TOP KELPIE_BUILD KELPIE_PORTABLE KELPIE_SANITIZE
unshare -mn --propagation private sh "$T/inside.sh" "$T" ||
    fail 'inside the namespaces'
expect asked '^udp git\.udp\.test$' '^udp git\.tcp\.test$' '^tcp git\.tcp\.test$'
expect_no asked 'hosts'
cat level
