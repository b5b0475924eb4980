#!/bin/sh
# git:// from git daemon, and from servers that do not behave.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role hidden v1
touch repos/one.git/git-daemon-export-ok
port=$(free_port)
background git daemon --base-path="$REPOS" --reuseaddr --listen=127.0.0.1 \
    --port="$port" --informative-errors "$REPOS"
wait_for 'git daemon' git ls-remote "git://127.0.0.1:$port/one.git"
base=git://127.0.0.1:$port

# With git+ in front or without, and by a name that is looked up.
cat >r.yml <<-END
	- {src: $base/one.git, version: v1, name: a}
	- {src: git+$base/one.git, version: v2, name: b}
	- {src: 'git://localhost:$port/one.git', name: c}
	- {src: $base/on%65.git, version: v1, name: d}
END
kelpie 0 install -r r.yml -p roles
for role in a:v1 b:v2 c:main d:v1; do
	grep -q "msg: one ${role#*:}}" "roles/${role%:*}/tasks/main.yml" ||
	    fail "${role%:*} is not ${role#*:}"
done
kelpie 0 install -r r.yml -p roles
expect_nothing_to_do 4

# What the server does not give.
kelpie 1 install -p roles "$base/hidden.git"
expect err '^hidden: FAILED: .*the server says: '
kelpie 1 install -p roles "$base/nosuch.git"
expect err '^nosuch: FAILED: .*the server says: '
expect_no err 'git\+'
kelpie 1 install -p roles --retries 1 "git://127.0.0.1:$(free_port)/one.git,v2"
expect err '^one: FAILED: .*cannot connect'

# tell BYTES SECONDS: a server that says this, waits, and hangs up.
tell()
{
	rm -f told
	background python3 -c '
import socket, sys, threading
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(16)
with open("told.new", "w") as f:
    f.write(str(s.getsockname()[1]))
import os
os.rename("told.new", "told")
def serve(c):
    c.recv(4096)
    c.sendall(sys.argv[1].encode().decode("unicode_escape").encode("latin1"))
    if float(sys.argv[2]):
        threading.Event().wait(float(sys.argv[2]))
    c.close()
while True:
    c, _ = s.accept()
    threading.Thread(target=serve, args=(c,), daemon=True).start()
' "$1" "$2"
	wait_for 'a port' test -s told
	kelpie 1 install -p roles --timeout 2 --retries 1 \
	    "git://127.0.0.1:$(cat told)/one.git,v2"
	stop "$pid"
	[ ! -e roles/one ] || fail 'there is a role'
	no_litter roles
}
zeros=0000000000000000000000000000000000000000
tell '' 0
expect err 'without a word|connection breaks'
tell '000eversion 2\n' 0
expect err 'stops before its end'
tell '000eversion 2\n0000' 0
expect err 'answers with nothing|connection breaks|cannot send'
tell 'HTTP/1.1 400 Bad Request\r\n\r\n' 0
expect err "git's format"
tell "003e$zeros capabilities^{}\\0\\n0000" 0
expect err "no tag or branch 'v2'"
tell '000eversion 2\n001cobject-format=sha256\n0000' 0
expect err 'SHA-256'
tell '' 60
expect err 'not a byte from the server for 2 seconds'
tell '000eversion 2\n0000' 60
expect err 'not a byte from the server for 2 seconds'
