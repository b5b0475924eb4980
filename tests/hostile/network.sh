#!/bin/sh
# Servers, proxies and Galaxies that stall, drip, lie, cut, flood, send
# elsewhere or change bits, by every way that leads to a role: each role
# fails with one line or is what it should be, in time, the old one stays, no
# secret goes anywhere else, and the others are installed.  Once as who runs
# this, with old roles in place; once as an ordinary user, with none, and
# without the sandbox.  The table of cases is network.py.
# labels: timeout=600
. "$(dirname "$0")/../cmd/lib.sh"
need openssl

# ---- servers ----

make_ca good
make_ca other
make_ca self
make_ca name elsewhere.example
cp self.pem self-host.pem
cp self.key self-host.key
openssl x509 -req -in name-host.csr -CA good.pem -CAkey good.key \
    -CAcreateserial -days 2 -extfile name.ext -out name-host.pem 2>/dev/null
# dated NAME FROM TO: a certificate of the good authority for that time.
dated()
{
	mkdir ca
	: >ca/index
	cat >ca/conf <<-END
		[a]
		database = ca/index
		new_certs_dir = ca
		serial = ca/serial
		policy = p
		[p]
		commonName = supplied
	END
	openssl ca -batch -config ca/conf -name a -rand_serial -md sha256 \
	    -cert good.pem -keyfile good.key -in good-host.csr \
	    -extfile good.ext -startdate "$2" -enddate "$3" \
	    -out "$1-host.pem" -notext 2>ca/err || fail "$(cat ca/err)"
	cp good-host.key "$1-host.key"
	rm -r ca
}
dated expired 20200101000000Z 20200102000000Z
dated early 20900101000000Z 20900102000000Z

cat >ssh <<'END'
#!/bin/sh
# A stand-in for ssh: "port123" is the host behind which git listens there.
for word; do case $word in port*) port=${word#port} ;; esac; done
exec python3 -ISc '
import os, socket, sys, threading
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def send():
    try:
        while data := os.read(0, 65536):
            sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        os._exit(0)
threading.Thread(target=send, daemon=True).start()
try:
    while data := sock.recv(65536):
        os.write(1, data)
except OSError:
    pass
os._exit(0)' "$port"
END
cat >helper <<END
#!/bin/sh
# It knows some hosts, and no other.
[ "\$1" = get ] || exit 0
host=\$(sed -n 's/^host=//p')
! grep -qxF -e "\$host" '$T/helper.url' ||
    printf 'username=shepherd\npassword=c4n4ry-helper\n'
END
chmod +x ssh helper

# Chance plays out in full in one build.
share=20
[ "${KELPIE_BUILD##*/}" != dev ] || share=100
background python3 "$here/network.py" serve "$T" "$share"
wait_for 'the servers' test -s galaxy
git config -f gitconfig credential.helper "$T/helper"

# ---- a round ----

make_role good v1
mkdir -p old/meta old/tasks
echo 'dependencies: []' >old/meta/main.yml
echo '- debug: {msg: old}' >old/tasks/main.yml
for group in stall odd chance; do
	echo "- {src: 'git+file://$REPOS/good.git', version: v1}" >>"$group.yml"
done
export GIT_SSH_COMMAND="$T/ssh" GIT_SSH_VARIANT=simple
export GIT_CONFIG_GLOBAL="$T/gitconfig"
chmod -R a+rX "$T"

# begin WHO GROUP TIMEOUT OPTION...: fill WHO/GROUP with it, in the background.
begin()
{
	who=$1 group=$2 seconds=$3
	shift 3
	# shellcheck disable=SC2086 # nothing, or a command
	background env HOME="$T/$who" TMPDIR="$T/$who/tmp" \
	    XDG_CACHE_HOME="$T/$who/cache" XDG_RUNTIME_DIR="$T/$who/tmp" \
	    timeout 200 $as "$KELPIE" install -r "$group.yml" -f -v -j 50 \
	    -p "$who/$group" --timeout "$seconds" --no-deps --max-bytes 8M \
	    -s "$(cat galaxy)" --token c4n4ry-galaxy --ca-file good.pem "$@" \
	    >"$group.out" 2>"$group.err"
}

# settle WHO GROUP PID
settle()
{
	got=0
	wait "$3" || got=$?
	[ "$got" -eq 1 ] || {
		tail -n 3 "$2.out" "$2.err"
		fail "$2: status $got, not 1"
	}
	python3 "$here/network.py" check "$T" "$1/$2" "$2" >checked || {
		head -n 50 checked
		fail "$2: $(wc -l <checked) lines"
	}
	echo "$1, $2: $(tail -n 1 checked) after $(($(date +%s) - start)) s"
	version_is "$1/$2" good v1
	no_litter "$1/$2"
}

# prepare WHO
prepare()
{
	mkdir -p "$1/tmp" "$1/cache"
	echo 'machine 127.0.0.3 login shepherd password c4n4ry-netrc' \
	    >"$1/.netrc"
	chmod 600 "$1/.netrc"
}

# No secret is kept, and nothing is left.
look_around()
{
	! grep -qr --exclude=.netrc c4n4ry "$1" ||
	    fail "a secret in $(grep -lr c4n4ry "$1" | head -n 3)"
	[ -z "$(ls -A "$1/tmp")" ] || fail "left in tmp: $(ls -A "$1/tmp")"
}

as=
prepare first
for group in stall odd chance; do
	sed -n 's/^- {.*name: \([^,}]*\).*/- {src: .\/old, name: \1}/p' \
	    "$group.yml" >old.yml
	kelpie 0 install -r old.yml -p "first/$group"
done
start=$(date +%s)
begin first stall 1
stall=$pid
begin first chance 5
chance=$pid
begin first odd 5
settle first odd "$pid"
settle first chance "$chance"
settle first stall "$stall"
look_around first

rm -rf old
prepare second
# A system whose TLS library would take more than we do.
cat >openssl.cnf <<'END'
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = None
CipherString = ALL:@SECLEVEL=0
END
export OPENSSL_CONF="$T/openssl.cnf"
[ "$(id -u)" -ne 0 ] || {
	chown -R 65534:65534 second
	as='setpriv --reuid 65534 --regid 65534 --clear-groups'
}
start=$(date +%s)
begin second odd 5 --sandbox=off
odd=$pid
[ "$share" -ne 100 ] || {
	begin second stall 1 --sandbox=off
	settle second stall "$pid"
}
settle second odd "$odd"
look_around second
