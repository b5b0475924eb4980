#!/bin/sh
# A mirror on a static web server is asked first for what is known by its id,
# one GET each; what it has not, or has wrong, comes from where it is at home.
. "$(dirname "$0")/lib.sh"
make_role dep v1
serve
HOME_URL=$URL HOME_LOG=$LOG
DEPENDENCIES="[{src: 'git+$URL/dep.git', name: dep}]" make_role web v1 v2
make_role id v1
mkdir -p x-1/meta repos/files
echo '{}' >x-1/meta/main.yml
tar czf repos/files/x.tar.gz x-1
x=$(sha256sum repos/files/x.tar.gz | cut -d' ' -f1)
web=$(commit_of web v1) dep=$(commit_of dep main) id=$(commit_of id v1)
requirements <<-EOT
	- {src: @URL@/web.git, version: v1}
	- {src: @URL@/files/x.tar.gz, name: x}
	- {src: @URL@/id.git, version: $id}
EOT
kelpie 0 install --lock -p roles
kelpie 0 download

# The mirror: the directory behind another server.
mirror()
{
	repos=$REPOS
	REPOS=$T/${root-kelpie-mirror}
	serve "$@"
	REPOS=$repos
	MIRROR=$URL
	LOG=$HOME_LOG
	MIRROR_LOG=$T/requests$servers.log
}

# fresh STATUS OPTION...: on a new machine.
fresh()
{
	rm -rf got fresh
	mkdir fresh
	: >"$HOME_LOG"
	: >"$MIRROR_LOG"
	want=$1
	shift
	HOME=$T/fresh kelpie "$want" install -p got "$@"
	[ "$want" -ne 0 ] || for role in web dep x id; do
		same_roles "$role"
	done
	no_litter got
}

same_roles()
{
	diff -r -x .galaxy_install_info "roles/$1" "got/$1" || fail "$1 differs"
}

# asked MIRROR HOME: how many requests each had.
asked()
{
	[ "$(wc -l <"$MIRROR_LOG")" -eq "$1" ] ||
	    fail "the mirror, not $1: $(cat "$MIRROR_LOG")"
	[ "$(wc -l <"$HOME_LOG")" -eq "$2" ] ||
	    fail "at home, not $2: $(cat "$HOME_LOG")"
}

mirror
fresh 0 --mirror "$MIRROR"
asked 4 0
expect "$MIRROR_LOG" "GET /$web.pack 200" "GET /$x.archive 200"
cp requirements.lock saved.lock
cmp requirements.lock saved.lock

# lock asks it, too; a tag, which may have moved, is looked up at home.
: >"$HOME_LOG"
: >"$MIRROR_LOG"
HOME=$T/locks kelpie 0 lock --mirror "$MIRROR" --check
expect "$MIRROR_LOG" "GET /$dep.pack 200" "GET /$x.archive 200" "GET /$id.pack 200"
expect_no "$HOME_LOG" dep id x.tar.gz
: >"$HOME_LOG"

# It is in the cache now, under its own URL.
: >"$MIRROR_LOG"
HOME=$T/fresh kelpie 0 install -p again
asked 0 0

# By the environment and by ansible.cfg; an empty option is none.
export KELPIE_MIRROR="$MIRROR/"
fresh 0
asked 4 0
fresh 0 --mirror ''
asked 0 4
unset KELPIE_MIRROR
printf '[kelpie]\nmirror = %s\n' "$MIRROR" >ansible.cfg
fresh 0
asked 4 0
rm ansible.cfg
kelpie 2 install -p got --mirror ssh://host/x
expect err 'mirror: .*no http or https url'

# Without a lock file only what its own words name: ids and checksums.
mkdir free
requirements free/requirements.yml <<-EOT
	- {src: $HOME_URL/web.git, version: v1}
	- {src: $HOME_URL/files/x.tar.gz, name: x, checksum: "sha256:$x"}
	- {src: $HOME_URL/id.git, version: $id}
EOT
fresh 0 --mirror "$MIRROR" -r free/requirements.yml
asked 2 4
expect_no "$MIRROR_LOG" "$web" "$dep"

# Nobody is asked when offline, nor for what is in place or in the cache.
fresh 1 --mirror "$MIRROR" --offline
asked 0 0

# Each file in turn: gone, empty, cut off, another, changed, a page.
for how in missing empty cut swapped changed page; do
	for file in "$web.pack" "$x.archive"; do
		cp "kelpie-mirror/$file" .
		case $how in
		missing) rm "kelpie-mirror/$file" ;;
		empty) : >"kelpie-mirror/$file" ;;
		cut) truncate -s -30 "kelpie-mirror/$file" ;;
		swapped) cp "kelpie-mirror/$dep.pack" "kelpie-mirror/$file" ;;
		changed) printf X | dd of="kelpie-mirror/$file" bs=1 seek=100 \
		    conv=notrunc 2>/dev/null ;;
		page) echo '<!doctype html>' >"kelpie-mirror/$file" ;;
		esac
	done
	fresh 0 --mirror "$MIRROR"
	asked 4 2
	[ "$how" = missing ] || expect err "^.*web: the mirror's is of no use" \
	    "x: the mirror's is of no use"
	mv "$web.pack" "$x.archive" kelpie-mirror
done

# The lock file stays what it is, with and without.
cmp requirements.lock saved.lock
stop "$SERVER"

# A mirror is filled from another one, and is the same.
mirror
HOME=$T/fresh kelpie 0 download --mirror "$MIRROR" --no-cache -d other
diff -r kelpie-mirror other

# Nobody is there; it refuses everything; it always sends elsewhere.
stop "$SERVER"
fresh 0 --mirror "$MIRROR"
asked 0 4
expect err 'the mirror .*; going on without it'
[ "$(grep -c 'going on without' err)" -eq 1 ] || fail 'told more than once'
for mode in status:503 status:403 status:401 loop html truncate:100 \
    "redirect:http://127.0.0.1:1"; do
	mirror --mode "$mode"
	fresh 0 --mirror "$MIRROR"
	asked "$(wc -l <"$MIRROR_LOG")" 4
	stop "$SERVER"
done

# Where it has moved is asked as well: at its own host and at another one.
mkdir -p below/now
cp kelpie-mirror/* below/now
root=below
mirror --mode moved:302:old=/now
fresh 0 --mirror "$MIRROR/old"
asked 8 0
mirror
other=$MIRROR
mirror --mode "moved:302:old=$other/now"
fresh 0 --mirror "$MIRROR/old"
asked 4 0
