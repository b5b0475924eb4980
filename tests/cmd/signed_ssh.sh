#!/bin/sh
# verify: ssh, with a file of allowed signers; several roles at once; what
# roles that are refused depend on is not fetched.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/signed_lib.sh"
export ROLE=one
make_role one v1 v2
ssh_key alice
ssh_key mallory
as alice ssh tag -s -m one s1 v1
as alice ssh tag -s -m two s2 v2
as mallory ssh tag -s -m two m2 v2
git -C "$REPOS/one.git" branch signed v1
signed_commit alice ssh signed
serve
cat mallory.allowed alice.allowed >both.allowed
sed 's/^mallory@/-mallory,m@/; s/namespaces/valid-after="20200101",namespaces/' \
    both.allowed >odd.allowed
for file in alice both odd; do
	signed a.yml s1 ssh $file.allowed
	kelpie 0 install -v -r a.yml -p roles
	expect err "one: the tag is signed by 'alice@example.org', key SHA256:"
	version_is roles one v1
	no_litter roles
done
signed a.yml m2 ssh odd.allowed
kelpie 0 install -v -r a.yml -p odd
expect err "the tag is signed by '(-mallory|m@example.org)', key"
signed a.yml signed ssh alice.allowed
kelpie 0 install -v -r a.yml -p commits
expect err "the commit is signed by 'alice"

# refused VERSION SIGNERS PATTERN: and what is in place stays.
refused()
{
	signed r.yml "$1" ssh "$2"
	kelpie 1 install -r r.yml -p roles
	expect err "^one: FAILED: .*$3"
	version_is roles one v1
	no_litter roles
}
refused v2 alice.allowed 'the commit is not signed'
refused m2 alice.allowed 'not among those of the signers'
refused s2 mallory.allowed 'not among those of the signers'
sed 's/namespaces="git"/namespaces="file"/' alice.allowed >file.allowed
refused s2 file.allowed 'not among|not one of'
sed 's/namespaces/valid-before="20200101",namespaces/' alice.allowed >late.allowed
refused s2 late.allowed 'not at this time'
echo 'nothing of the kind' >bad.allowed
refused s2 bad.allowed 'not among those of the signers'
git -C "$REPOS/one.git" cat-file tag s2 | sed 's/^two$/2/; s/^tag s2$/tag words/' |
    git -C "$REPOS/one.git" hash-object -t tag -w --stdin >id
git -C "$REPOS/one.git" update-ref refs/tags/words "$(cat id)"
refused words alice.allowed 'the signature is not of this content'
signed g.yml s2 gpg alice.allowed
kelpie 1 install -r g.yml -p roles
expect err 'it is signed, but not with OpenPGP'
signed g.yml s2 ssh alice.allowed
PATH=$T kelpie 1 install -r g.yml -p roles
expect err 'install the package openssh-client'

# More than are looked at together, from one server, and each has its own.
i=0
: >many.yml
while [ $i -lt 20 ]; do
	i=$((i + 1))
	cp -r "$REPOS/one.git" "$REPOS/many$i.git"
	printf -- '- {src: "git+%s/many%d.git", version: s%d, verify: ssh, signers: %s.allowed}\n' \
	    "$URL" $i $((i % 2 + 1)) "$([ $i -eq 7 ] && echo mallory || echo alice)"
done >many.yml
for round in '' --isolate; do
	rm -rf many
	kelpie 1 install -v ${round:+"$round"} -r many.yml -p many
	expect out '19 installed' '1 failed'
	expect err '^many7: FAILED: .*not among'
	[ "$(grep -c 'the tag is signed by' err)" -eq 19 ] || fail 'too few'
	expect many/many8/tasks/main.yml 'one v1'
	[ ! -e many/many7 ] || fail 'installed'
	no_litter many
done

# It may bring anything along that it depends on, once it is believed.
make_role dep v1
export ROLE=needs
DEPENDENCIES="[{src: 'git+$URL/dep.git', version: v1, name: dep, verify: ssh, signers: /nowhere}]" \
    make_role needs v1
as alice ssh tag -s -m one s1 v1
signed n.yml s1 ssh mallory.allowed
kelpie 1 install -r n.yml -p needs
[ ! -e needs/dep ] && [ ! -e needs/needs ] || fail 'something was installed'
expect_no "$LOG" dep.git
signed n.yml s1 ssh alice.allowed
kelpie 0 install -r n.yml -p needs
version_is needs dep v1
