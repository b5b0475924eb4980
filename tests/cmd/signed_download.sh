#!/bin/sh
# What is downloaded has the tag objects: from the copy, and from a mirror,
# signatures are looked at as from the network.  A copy without the tag, with
# another one or changed by hand is refused; instead of such a mirror, the
# source is asked.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/signed_lib.sh"
export ROLE=one
make_role one v1 v2
git=$REPOS/one.git
ssh_key alice
ssh_key bob
as alice ssh tag -s -m one s1 v1
as alice ssh tag -s -m older s0 v1
as alice ssh tag -s -m two s2 v2
git -C "$git" config advice.nestedTag false
as alice ssh tag -s -m outer nested s1
git -C "$git" branch signed v1
signed_commit alice ssh signed
git -C "$git" tag light signed
signed=$(git -C "$git" rev-parse signed)
serve
HOME_LOG=$LOG HOME_URL=$URL
cp alice.allowed signers

id()
{
	git -C "$git" rev-parse "$1"
}

# from STATUS ARGUMENT...: into an empty directory, with nothing but the copy.
from()
{
	rm -rf got
	want=$1
	shift
	kelpie "$want" install -v --no-cache --from "$@" -p got
	no_litter got
	[ "$want" -eq 0 ] || [ ! -e got/one ] || fail 'it was installed'
}

# pack NAME REVISION...: another pack of that name, and nothing tells.
pack()
{
	name=$1
	shift
	git -C "$git" rev-list --objects --no-walk "$@" |
	    git -C "$git" pack-objects -q --stdout >"bad/$name" 2>/dev/null
}

# From the cache, from where it is at home, and both in a tar.
for source in "$URL" "file://$REPOS"; do
	for tag in s1 nested; do
		rm -f requirements.lock
		SOURCE=$source signed requirements.yml $tag ssh signers
		kelpie 0 lock
		for way in '' --no-cache; do
			rm -rf kelpie-mirror
			# shellcheck disable=SC2086 # none or one
			kelpie 0 download $way
			[ -e "kelpie-mirror/$(id $tag).pack" ] ||
			    fail "$(ls kelpie-mirror)"
			from 0 kelpie-mirror
			expect err 'the tag is signed by .alice'
			version_is got one v1
		done
	done
done
kelpie 0 download -o all.tar
from 0 all.tar
expect err 'the tag is signed by .alice'

# What the lock file says counts, also where nobody wants it signed any more.
cp requirements.yml signed.yml
cp requirements.lock signed.lock
sed 's/ verify.*/}/' signed.yml >requirements.yml
kelpie 0 download -d bare
expect bare/requirements.lock "^  tag: $(id nested)\$"
from 0 bare
from 0 bare -r signed.yml
expect err 'the tag is signed by .alice'

# Signed commits: of a branch, by its id, under a tag that is no object.
for version in signed light "$signed"; do
	rm -rf requirements.lock kelpie-mirror
	signed requirements.yml "$version" ssh signers
	kelpie 0 lock
	kelpie 0 download
	from 0 kelpie-mirror
	expect err 'the commit is signed by .alice'
done

# Whose keys count is what the requirements file says here.
rm -rf requirements.lock kelpie-mirror
signed requirements.yml s1 ssh signers
kelpie 0 lock
kelpie 0 download
cp bob.allowed signers
from 1 kelpie-mirror
expect err 'not among those of the signers'
cp alice.allowed signers

# The copy of one without a tag, and of the same with another tag: each lock
# file has its own pack in one directory.
tag=$(id s1).pack
mkdir plain
printf -- '- {src: "git+%s/one.git", version: s1}\n' "$URL" >plain/requirements.yml
(cd plain && kelpie 0 lock && kelpie 0 download -d ../kelpie-mirror)
mkdir old
cp plain/requirements.lock old
signed old/requirements.yml s1 ssh ../signers
expect out '1 pack of other lock files'
from 0 kelpie-mirror -r plain/requirements.yml
kelpie 0 download
from 0 kelpie-mirror

# Locked before it was to be signed: nobody knows which object the tag is.
rm -rf aside
kelpie 0 download -d aside -r old/requirements.yml
from 1 aside -r old/requirements.yml
expect err "the commit is not signed, and the lock file does not say which object tag 's1' is"

# bad HOW: the pack of the tag is another one, or not there.
bad()
{
	rm -rf bad
	cp -r kelpie-mirror bad
	case $1 in
	gone) rm "bad/$tag" ;;
	old) pack "$tag" 's1^{commit}' ;;
	older) pack "$tag" s0 's0^{commit}' ;;
	# The right commit with an older tag of it; another tag of another.
	other) pack "$tag" s2 's2^{commit}' ;;
	both) pack "$tag" s0 s2 's1^{commit}' ;;
	cut) truncate -s -30 "bad/$tag" ;;
	changed) printf X | dd of="bad/$tag" bs=1 seek=100 conv=notrunc 2>dd.err ;;
	esac
}
for how in gone old older other both cut changed; do
	bad $how
	from 1 bad
	case $how in
	gone) expect err "there is no '$tag' in" ;;
	cut | changed | other) expect err "'$tag' in .* is damaged or another" ;;
	*) expect err "'$tag' in .* has no such tag object" ;;
	esac
	kelpie 0 download -d bad
	from 0 bad
done

# The lock file comes with the copy, and may have been made by anybody, too.
forge()
{
	rm -rf bad
	cp -r kelpie-mirror bad
	sed "$1" kelpie-mirror/requirements.lock >bad/requirements.lock
	set -- "$(sha256sum <bad/requirements.lock | cut -d' ' -f1)" \
	    "$(wc -c <bad/requirements.lock)"
	sed "s/.* requirements.lock/$1 $2 requirements.lock/" \
	    kelpie-mirror/index >bad/index
}
mkdir unlocked
signed unlocked/requirements.yml s1 ssh ../signers
from 0 kelpie-mirror -r unlocked/requirements.yml
forge "s/$(id s1)/$(id s0)/"
pack "$(id s0).pack" s0 's0^{commit}'
from 1 bad -r unlocked/requirements.yml
expect err "tag 's1' leads to what was signed as tag 's0'"
forge "s/$(id s1)/$(id s0)/; s,refs/tags/s1,refs/tags/s0,"
pack "$(id s0).pack" s0 's0^{commit}'
from 1 bad -r unlocked/requirements.yml
expect err "tag object '$(id s0)' is not the tag of this name"
forge "s/asked: s1/asked: $(id v2)/"
printf -- '- {src: "git+%s/one.git", version: %s}\n' "$URL" "$(id v2)" \
    >unlocked/requirements.yml
from 1 bad -r unlocked/requirements.yml
expect err 'not what the requirements file asks for'

# Without a requirements file nobody says who may have signed.
mkdir alone
cp kelpie-mirror/* alone
(cd home && kelpie 0 install --from ../alone -p ../all)
expect err 'one: .*nothing here says who may'

# A mirror: one GET; what it has wrong comes from where it is at home.
# again STATUS HOME-REQUESTS ARGUMENT...: with the directory bad as a mirror.
again()
{
	rm -rf got home/.cache
	: >"$HOME_LOG"
	want=$1 requests=$2
	shift 2
	kelpie "$want" install -v --mirror "$MIRROR" -p got "$@"
	[ "$(wc -l <"$HOME_LOG")" -eq "$requests" ] ||
	    fail "at home: $(cat "$HOME_LOG")"
	no_litter got
}
REPOS=$T/bad
serve
MIRROR=$URL
again 0 0
expect err 'the tag is signed by .alice'
for how in gone old older other both cut changed; do
	bad $how
	again 0 1
	expect err 'the tag is signed by .alice'
	version_is got one v1
done
# A commit id names it without a lock file.
SOURCE=$HOME_URL signed id.yml "$signed" ssh signers
kelpie 0 lock -r id.yml
kelpie 0 download -d bad -r id.yml
rm id.lock
again 0 0 -r id.yml
expect err 'the commit is signed by .alice'
# It is in the cache, with its tag, and needs nobody.
bad whole
again 0 0
stop "$SERVER"
kelpie 0 install -v --offline -p offline
expect err 'the tag is signed by .alice'
serve
MIRROR=$URL
# Wherever it comes from, somebody else has signed it.
cp bob.allowed signers
again 1 0
expect err 'not among those of the signers'
