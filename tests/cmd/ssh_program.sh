#!/bin/sh
# Which program is ssh: GIT_SSH_COMMAND, core.sshCommand, GIT_SSH, in this
# order; versions of git's protocol; sources that could be options.
# labels: slow
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ssh_lib.sh"

make_role demo v1
# shellcheck disable=SC2119 # no lines
start_sshd
echo "- {src: $SSH_URL/demo.git, scm: git, version: v1}" >r.yml

# install STATUS, with the programs that have told about themselves in $T/who.
install()
{
	rm -rf roles
	: >"$T/who"
	kelpie "$1" install -r r.yml -p roles
	[ "$1" -ne 0 ] || version_is roles demo v1
	no_litter roles
	no_ssh_left
}

# program NAME: stands for ssh and tells that it was used.
program()
{
	cat >"$T/$1" <<-END
		#!/bin/sh
		echo "$1 \$*" >>'$T/who'
		exec ssh -F '$SSH/config' "\$@"
	END
	chmod 755 "$T/$1"
}

# Without AcceptEnv the server speaks the protocol of old.
install 0
expect "$SSH/trace" 'upload-pack> [0-9a-f]{40} HEAD'
expect_no "$SSH/trace" 'command=ls-refs'

# Where the program comes from.
program one
program two
program three
config=$(printf '[core]\n\tsshCommand = "%s"\n' "$T/two")
echo "$config" >"$T/gitconfig"
export GIT_CONFIG_GLOBAL="$T/gitconfig"
export GIT_SSH="$T/three"
export GIT_SSH_COMMAND="$T/one"
install 0
expect "$T/who" '^one -G' '^one .*-M' '^one .*BatchMode=yes.*git-upload-pack'
expect_no "$T/who" '^(two|three) '
unset GIT_SSH_COMMAND
install 0
expect "$T/who" '^two .*BatchMode=yes.*git-upload-pack'
expect_no "$T/who" '^(one|three) '
: >"$T/gitconfig"
install 0
expect "$T/who" '^three .*BatchMode=yes.*git-upload-pack'
expect_no "$T/who" '^(one|two) '

# No OpenSSH: host and command alone.
cat >"$T/plain" <<END
#!/bin/sh
echo "plain \$*" >>'$T/who'
[ "\$1" != -G ] || exit 1
shift
exec sh -c "\$1"
END
chmod 755 "$T/plain"
export GIT_SSH="$T/plain"
echo "- {src: 'me@example.invalid:$REPOS/demo.git', scm: git, version: v1, name: demo}" >r.yml
install 0
expect "$T/who" "^plain me@example.invalid git-upload-pack '$REPOS/demo.git'\$"
expect_no "$T/who" BatchMode
export GIT_SSH_VARIANT=simple
install 0
expect_no "$T/who" 'plain -G'
echo "- {src: 'ssh://me@example.invalid:99$REPOS/demo.git', scm: git}" >r.yml
install 1
expect err 'the url has a port' 'ssh.variant'
unset GIT_SSH_VARIANT

# What git says at the other end, and nothing at all.
echo "- {src: 'me@example.invalid:$REPOS/none.git', scm: git}" >r.yml
install 1
expect err "not found, or not to be seen with this key" \
    'does not appear to be a git repository'
printf '#!/bin/sh\nexit 1\n' >"$T/plain"
kelpie 1 install -r r.yml -p roles --retries 0
expect err 'ssh ended without a word'
export GIT_SSH="$T/absent"
install 1
expect err 'absent.: No such file or directory'
unset GIT_SSH

# A shell at the other end that greets.
# shellcheck disable=SC2016 # for that shell
printf '#!/bin/sh\necho Welcome to this machine\nsh -c "$2"\n' >"$T/plain"
export GIT_SSH="$T/plain"
kelpie 1 install -r r.yml -p roles --retries 0
expect err "git's"

# A server that is known to speak version 2 gets its request before it has
# greeted; if it speaks the old one now, there is another try.
make_role second v1
cat >"$T/plain" <<END
#!/bin/sh
[ "\$1" != -G ] || exit 1
echo x >>'$T/who'
case \$2 in
*second*)
	first=\$(dd bs=1 count=4 2>/dev/null)
	{ printf %s "\$first"; cat; } | sh -c "\$2"
	exit ;;
*third*) mkdir '$T/tried' 2>/dev/null && unset GIT_PROTOCOL ;;
esac
exec sh -c "\$2"
END
: >"$T/who"
make_role third v1
for name in demo second third; do
	echo "- {src: 'me@example.invalid:$REPOS/$name.git', scm: git, version: v1, name: $name}"
done >three.yml
rm -rf roles
kelpie 0 install -r three.yml -p roles -j 1 --retries 2
for name in demo second third; do
	version_is roles "$name" v1
done
[ "$(wc -l <"$T/who")" -eq 4 ] || fail "$(wc -l <"$T/who") sessions"

# What it says instead of an answer reaches the user.
cat >"$T/plain" <<END
#!/bin/sh
echo "\$*" >>'$T/who'
[ "\$1" != -G ] || exit 1
case \$2 in
*second*)
	printf '000eversion 2\n0000'
	dd bs=1 count=4 >/dev/null 2>&1
	printf '0022ERR quota of project exceeded\n'
	exec cat >/dev/null ;;
esac
exec sh -c "\$2"
END
rm -rf roles
sed '/third/d' three.yml >two.yml
kelpie 1 install -r two.yml -p roles -j 1 --timeout 5
expect err '^second: FAILED: .*the server says: quota of project exceeded'
version_is roles demo v1

# No program sees a source that is refused.
: >"$T/who"
for user in me:s3cretword %2doProxyCommand=touch; do
	echo "- {src: 'ssh://$user@example.invalid$REPOS/demo.git', scm: git}" >r.yml
	kelpie 1 install -r r.yml -p roles
done
[ ! -s "$T/who" ] || fail "$(cat "$T/who")"
unset GIT_SSH

# Through another program, as through a host in between.
cat >"$T/connect" <<'END'
import os, select, socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
while True:
    for fd in select.select([0, s], [], [])[0]:
        data = os.read(0, 65536) if fd == 0 else s.recv(65536)
        if not data:
            sys.exit()
        if fd == 0:
            s.sendall(data)
        else:
            while data:
                data = data[os.write(1, data):]
END
ssh_config "ProxyCommand python3 $T/connect 127.0.0.1 $SSH_PORT" \
    'HostKeyAlias there'
printf 'there %s\n' "$(cat "$SSH/host.pub")" >"$SSH/known_hosts"
echo "- {src: 'ssh://$me@nowhere.invalid$REPOS/demo.git', scm: git, version: v1}" >r.yml
install 0

# What ssh would take for an option.
for src in "ssh://-oProxyCommand=touch%20$T/bad/x" \
    "ssh://%2doProxyCommand=touch%20$T/bad@127.0.0.1/x" \
    "-oProxyCommand=touch$T/bad:x" '127.0.0.1:-x'; do
	echo "- {src: '$src', scm: git, name: bad}" >bad.yml
	kelpie 1 install -r bad.yml -p roles
	expect err "begins with '-'|not a host name"
	[ ! -e "$T/bad" ] || fail "$src was obeyed"
done
