#!/bin/sh
# verify: gpg.  The signature of an annotated tag counts, else that of the
# commit; a wrong, missing, expired, revoked or unknown one refuses the role,
# and the old one stays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/signed_lib.sh"
export ROLE=one
make_role one v1 v2
gpg_home alice
gpg_home mallory
as alice gpg tag -s -m one s1 v1
as alice gpg tag -s -m two s2 v2
as mallory gpg tag -s -m two m2 v2
as alice gpg tag -a -m two plain v2
git -C "$REPOS/one.git" branch signed v1
signed_commit alice gpg signed
commit=$(commit_of one signed)
as alice gpg tag light signed
tag=$(git -C "$REPOS/one.git" rev-parse s1)
serve

# From servers of both versions and from this machine, with a keyring as it
# is and with an armored one, which lies beside the file.
gpg --homedir alice --armor --export >alice.asc
signed a.yml s1 gpg alice.gpg
kelpie 0 install -v -r a.yml -p roles
expect err "one: the tag is signed by 'alice <alice@example.org>', key [0-9A-F]{40}$"
version_is roles one v1
expect roles/.kelpie/state "$tag" 'gpg:[0-9a-f]{64}'
no_litter roles
[ "$(requests)" -eq 2 ] || fail "$(cat "$LOG")"
kelpie 0 install -r a.yml -p roles
expect_nothing_to_do 1
[ "$(requests)" -eq 2 ] || fail 'asked again'
mkdir sub
SOURCE=$REPOS signed sub/local.yml s1 gpg ../alice.asc
kelpie 0 install -v -r sub/local.yml -p local
expect err 'the tag is signed by .alice'
expect local/.kelpie/state "$tag"
cp alice.asc "$HOME"
# shellcheck disable=SC2088 # for kelpie
SOURCE=$REPOS signed sub/local.yml light gpg '~/alice.asc'
kelpie 0 install -v -r sub/local.yml -p local
expect err 'the commit is signed by .alice'
old=$URL
make_ca good
serve --mode v0 --cert "$T/good-host.pem" --key "$T/good-host.key"
signed b.yml s1 gpg alice.gpg
kelpie 0 install -v --no-cache --ca-file good.pem -r b.yml -p v0
expect err 'the tag is signed by .alice'
signed b.yml "$commit" gpg alice.gpg
kelpie 0 install -v --no-cache --ca-file good.pem -r b.yml -p v0
expect err 'the commit is signed by .alice'
URL=$old

# Commits, where there is no tag object.
for version in light signed "$commit" signed~0; do
	signed c.yml "$version" gpg alice.gpg
	kelpie 0 install -v -f -r c.yml -p commits
	expect err 'one: the commit is signed by .alice'
	expect commits/.kelpie/state "$commit"
done

# refused VERSION SIGNERS PATTERN: and what is in place stays.
refused()
{
	signed r.yml "$1" gpg "$2"
	kelpie 1 install -r r.yml -p roles
	expect err "^one: FAILED: .*$3"
	version_is roles one v1
	no_litter roles
}
refused v2 alice.gpg 'the commit is not signed'
refused main alice.gpg 'the commit is not signed'
refused plain alice.gpg 'neither the tag nor its commit is signed'
refused signed~1 alice.gpg 'the commit is not signed'
refused m2 alice.gpg 'key [0-9A-F]{16}, which is not among those of the signers'
refused s1 mallory.gpg 'not among those of the signers'
version_is roles one v1

# What was not signed: other words, another name, another commit.
git -C "$REPOS/one.git" cat-file tag s2 >two.tag
sed 's/^two$/2/; s/^tag s2$/tag words/' two.tag | git -C "$REPOS/one.git" hash-object -t tag -w --stdin >id
git -C "$REPOS/one.git" update-ref refs/tags/words "$(cat id)"
refused words alice.gpg 'the signature is not of this content'
git -C "$REPOS/one.git" update-ref refs/tags/name "$(git -C "$REPOS/one.git" rev-parse s2)"
refused name alice.gpg "tag 'name' leads to what was signed as tag 's2'"
# Nor as a branch: git itself writes no such, but a server may say so.
git -C "$REPOS/one.git" rev-parse s2 >"$REPOS/one.git/refs/heads/branch"
for source in "$URL" "$REPOS"; do
	export SOURCE="$source"
	refused branch alice.gpg "tag object '[0-9a-f]{40}' is not the tag of this name"
	refused refs/heads/branch alice.gpg 'is not the tag of this name'
done
unset SOURCE
rm "$REPOS/one.git/refs/heads/branch"
git -C "$REPOS/one.git" cat-file commit signed |
    sed 's/^signed$/forged/' |
    git -C "$REPOS/one.git" hash-object -t commit -w --stdin >id
git -C "$REPOS/one.git" update-ref refs/heads/forged "$(cat id)"
refused forged alice.gpg 'the signature is not of this content'

# Of a tag of a tag, the outer one counts.
as alice gpg -c advice.nestedTag=false tag -s -m outer outer plain
as alice gpg -c advice.nestedTag=false tag -a -m inner inner s2
refused inner alice.gpg 'neither the tag nor its commit is signed'
signed n.yml outer gpg alice.gpg
kelpie 0 install -v -r n.yml -p nested
expect err 'the tag is signed by .alice'
version_is nested one v2

# A key that has expired, or was revoked, since.
cat >past <<-'EOT'
	#!/bin/sh
	exec gpg --faked-system-time 20200101T000000! "$@"
EOT
chmod +x past
mkdir -m 700 expired
./past --homedir expired --batch --quiet --passphrase '' \
    --quick-gen-key 'expired <expired@example.org>' ed25519 sign 10d 2>gpg.err ||
    fail "$(cat gpg.err)"
at_exit "gpgconf --homedir '$T/expired' --kill all"
gpg --homedir expired --export >expired.gpg 2>/dev/null
as expired gpg -c "gpg.program=$T/past" tag -s -m two e2 v2
refused e2 expired.gpg 'a key that has expired .*expired@example.org'
sed 's/^:-----/-----/' mallory/openpgp-revocs.d/*.rev |
    gpg --homedir mallory --batch --quiet --import 2>/dev/null
gpg --homedir mallory --export >revoked.gpg
refused m2 revoked.gpg 'a key that was revoked .*mallory@example.org'

# Nothing to look at it with, or with gpg alone; a file without keys.
signed s.yml s2 gpg alice.gpg
PATH=$T kelpie 1 install -r s.yml -p roles
expect err 'neither is here: install the package gpgv'
version_is roles one v1
mkdir bin
ln -s "$(command -v gpg)" bin
PATH=$T/bin kelpie 0 install -v -r s.yml -p other
expect err 'the tag is signed by .alice'
no_litter other
PATH=$T/bin kelpie 1 install -r r.yml -p roles
expect err 'a key that was revoked'
refused s2 two.tag 'is no keyring'
refused s2 nobody.gpg "signers '$T/nobody.gpg': open: No such file"
refused s2 home "signers '$T/home'"
: >empty.gpg
refused s2 empty.gpg 'the file is empty'
