#!/bin/sh
# Where verify and signers have no business they are a fault.  What looks at a
# signature is confined, is ended with us, and its words are not believed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/signed_lib.sh"
touch keys

# fault PATTERN ENTRY: found at its place.
fault()
{
	printf -- '- %s\n' "$2" >requirements.yml
	kelpie 1 install -p roles
	expect err "^kelpie: requirements.yml:1:[0-9]+: $1"
	[ ! -e roles ] || fail "installed: $2"
}
git='src: "git+https://localhost/one.git"'
fault "'verify' must be 'gpg' or 'ssh'" "{$git, verify: x509, signers: keys}"
fault "'verify' needs 'signers'" "{$git, verify: gpg}"
fault "'signers' needs 'verify'" "{$git, signers: keys}"
fault "'signers' names no file" "{$git, verify: gpg, signers: ''}"
fault "'verify' must be text" "{$git, verify: [gpg], signers: keys}"
fault "'verify' is for git sources: for an archive write 'checksum'" \
    '{src: "https://localhost/one.tar.gz", verify: gpg, signers: keys}'
fault "'verify' needs the URL of a git repository" \
    '{src: owner.role, verify: gpg, signers: keys}'
fault "a directory is not signed" \
    '{src: /tmp, type: link, verify: ssh, signers: keys}'
fault "a directory is not signed" \
    '{src: fs+dir, name: dir, verify: ssh, signers: keys}'

# The same role twice, signed in another way.
for other in 'verify: ssh, signers: keys' 'verify: gpg, signers: other' \
    'version: ""'; do
	printf -- '- {%s, verify: gpg, signers: keys}\n- {%s, %s}\n' \
	    "$git" "$git" "$other" >requirements.yml
	kelpie 1 install -p roles
	expect err "^kelpie: requirements.yml:2:3: role 'one' is asked for twice: signed by"
done

# ---- what looks at a signature ----

export ROLE=one
make_role one v1
ssh_key alice
as alice ssh tag -s -m one s1 v1
SOURCE=$REPOS signed requirements.yml s1 ssh alice.allowed
mkdir bin
ln -s "$(command -v sleep)" "$(command -v perl)" "$(command -v head)" bin

# keygen: the ssh-keygen that is found first, from standard input.
keygen()
{
	{
		echo '#!/bin/sh'
		cat
	} >bin/ssh-keygen
	chmod +x bin/ssh-keygen
}

# It says whatever it likes, on all lines that are read.
keygen <<-'EOT'
	[ "$2" = verify ] || { printf 'a\033[31m\001b\n'; exit; }
	printf 'Good key SHA256:\033[0m\n'
EOT
PATH=$T/bin kelpie 0 install -v -p roles
expect_plain err
rm -rf roles
keygen <<-'EOT'
	printf '\033[31mred\033[0m\n' >&2
	exit 1
EOT
PATH=$T/bin kelpie 1 install -v -p roles
expect_plain err
keygen <<-'EOT'
	while :; do echo principal; done
EOT
PATH=$T/bin:$PATH kelpie 1 install -p roles
expect err '^one: FAILED: .*larger than'
keygen <<-'EOT'
	kill -9 $$
EOT
PATH=$T/bin kelpie 1 install -p roles
[ ! -e roles/one ] || fail 'installed'
no_litter roles

# It hangs, and we are asked to end.
keygen <<-EOT
	echo \$\$ >pid
	exec sleep 600
EOT
PATH=$T/bin:$PATH start_kelpie install -v -p roles
looks()
{
	hung=$(cat roles/.kelpie/stage/*/*/pid 2>/dev/null) && [ -n "$hung" ]
}
wait_for 'the one who looks' looks
kill -INT "$kelpie_pid"
ended_killed Interrupt
# Its end comes with ours only where the system can see to that.
[ "$KELPIE_PORTABLE" -eq 0 ] || kill "$hung"
wait_for 'the end of the one who looks' ended "$hung"
[ ! -e roles/one ] || fail 'installed'
no_litter roles

# Neither a network nor any file but those in its own directory.
expect err 'workers are confined by'
grep -q 'by: landlock.*seccomp' err || exit 0
keygen <<-EOT
	[ "\$2" = verify ] || { echo alice; exit; }
	: >own || exit 1
	(: >"$T/evil") && exit 1
	exec perl -e 'use Socket;
	    exit 1 if socket(S, PF_INET, SOCK_STREAM, 0) ||
	        socket(S, PF_UNIX, SOCK_STREAM, 0);'
EOT
PATH=$T/bin kelpie 0 install -p roles
[ ! -e evil ] || fail 'it can write anywhere'
no_litter roles
PATH=$T/bin kelpie 1 install --sandbox=off -p other
