#!/bin/sh
# Every example of the manual pages is run, against a server of ours in
# place of the one that they name.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/signed_lib.sh"
for role in nginx motd users ansible-postgresql; do
	make_role "$role" v1.2.0
done
mkdir our-roles
cp -R repos/users.git our-roles/users.git
mv repos/ansible-postgresql.git repos/ansible-postgresql
serve
page1=$KELPIE_TOP/man/kelpie.1
page5=$KELPIE_TOP/man/kelpie-requirements.5
commit=$(git -C repos/ansible-postgresql rev-parse v1.2.0)

# Put our server, and a commit that it has, in place of the examples'.
ours()
{
	sed "s#https://git.example.org#$URL#
		s#3f2c1ab5d0a1e5f9c7b6a4d3e2f1a0b9c8d7e6f5#$commit#"
}

# The n-th literal block of a page.
block()
{
	awk -v want="$1" '/^\.Bd -literal/ { n++; on = (n == want); next }
		/^\.Ed/ { on = 0 }
		on' "$page5"
}

mkdir work
block 1 | ours >work/requirements.yml
expect work/requirements.yml 'name: database'
(cd work && kelpie 0 install -p roles)
for role in nginx database motd users; do
	[ -f "work/roles/$role/meta/.galaxy_install_info" ] || fail "no $role"
done
block 2 | ours >work/short.yml
(cd work && kelpie 0 install -r short.yml -p short)
[ -d work/short/nginx ] || fail 'the shortest file'

export ROLE=nginx
ssh_key alice
as alice ssh tag -f -s -m one v1.2.0 v1.2.0 >/dev/null
block 3 | ours >work/signed.yml
mkdir work/keys
cp alice.allowed work/keys/allowed_signers
(cd work && kelpie 0 install -v -r signed.yml -p signed)
expect err "the tag is signed by 'alice@example.org'"

# The commands, in a directory with a requirements.yml that names the roles
# that they pick.
mkdir commands
for role in nginx.git ansible-postgresql; do
	name=${role#ansible-}
	printf -- '- {src: "git+%s/%s", name: %s}\n' "$URL" "$role" "${name%.git}"
done >commands/requirements.yml
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/s/^\.Dl \$ kelpie //p' "$page1" |
    ours >examples
[ "$(wc -l <examples)" -ge 4 ] || fail 'the examples were not found'
export ANSIBLE_ROLES_PATH="$T/elsewhere"
while read -r line; do
	# shellcheck disable=SC2086 # words, as a shell would see them
	(cd commands && kelpie 0 $line </dev/null)
done <examples
