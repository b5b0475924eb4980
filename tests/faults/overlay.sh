#!/bin/sh
# Roles in a lower layer of an overlay, as in a Dockerfile with two lines of
# kelpie install (H142): they cannot be moved, so they are taken apart where
# they are.  Ended at any call of it, the next run goes on.
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
[ "$(id -u)" -eq 0 ] || skip 'only root can mount'
mkdir disk
mount -t tmpfs -o size=200m tmpfs disk 2>/dev/null || skip 'cannot mount'
at_exit "umount '$T/disk'"
make_role one v1 v2
make_role two v1 v2
for v in v1 v2; do
	requirements $v.yml <<-END
		- {src: git+file://@REPOS@/one.git, version: $v}
		- {src: git+file://@REPOS@/two.git, name: deep/er/two, version: $v}
	END
done

# next_layer [BASE]: what was written until now, or BASE, becomes the lower
# layers; image/roles is the roles directory on top of them.
layers='' number=0
next_layer()
{
	! mountpoint -q image || umount image
	[ $# -eq 0 ] || layers=$1
	number=$((number + 1))
	mkdir -p "disk/upper$number" "disk/work$number" image
	if [ -z "$layers" ]; then
		mkdir disk/base
		layers=$T/disk/base
	fi
	mount -t overlay overlay -o "lowerdir=$layers,upperdir=$T/disk/upper$number,workdir=$T/disk/work$number" \
	    image 2>/dev/null || skip 'cannot mount an overlay'
	layers=$T/disk/upper$number:$layers
}
at_exit "! mountpoint -q '$T/image' || umount '$T/image'"
R=image/roles

# Only roles lie there, and nothing is left of a run.
tidy()
{
	no_litter $R
	[ -z "$(find $R -name '*kelpie-*')" ] || fail "$(find $R -name '*kelpie-*')"
}
whole()
{
	version_is $R one "$1"
	grep -q "two $1" $R/deep/er/two/tasks/main.yml || fail "two is not $1"
	tidy
}

# The two lines of the Dockerfile.
next_layer
kelpie 0 install -r v1.yml -p $R
next_layer
kelpie 0 install -r v1.yml -p $R
expect_nothing_to_do 2
[ -z "$(find disk/upper2 -mindepth 1)" ] || fail 'something was written'
kelpie 0 install -r v2.yml -p $R
expect out '^one: updated v1 -> v2' '^deep/er/two: updated v1 -> v2'
[ "$(grep -c 'warning.*lower layer' err)" -eq 1 ] || fail 'not warned once'
whole v2
git clone -q -b v2 repos/one.git want 2>/dev/null
rm -rf want/.git
same_tree want $R/one
kelpie 0 install -r v2.yml -p $R
expect_nothing_to_do 2
# What has once been replaced can be moved.
kelpie 0 install -r v1.yml -p $R
expect_no err 'layer'
whole v1
two_layers=$layers

# Removed in one layer, installed in the next.
next_layer
printf -- '- {src: git+file://%s/one.git}\n' "$REPOS" >one.yml
kelpie 0 prune --yes -r one.yml -p $R
expect out '^deep/er/two: removed v1'
[ ! -e $R/deep ] || fail 'its directory is left'
kelpie 0 remove -p $R one
expect out '^one: removed v1'
[ ! -e $R/one ] || fail 'still there'
tidy
next_layer
kelpie 0 install -r v2.yml -p $R
expect_no err layer
whole v2

# Edited in its layer: it stays, or goes when told to.
next_layer
echo '# mine' >>$R/one/tasks/main.yml
next_layer
kelpie 1 install -r v1.yml -p $R
expect err '^one: .*edited'
grep -q mine $R/one/tasks/main.yml || fail 'it is gone'
kelpie 0 install -f -r v1.yml -p $R
whole v1

# Of another tool: the old tree is kept, though it could not be moved.
next_layer "$two_layers"
rm -rf $R/.kelpie
mkdir -p $R/one/files/a/b
echo mine >$R/one/files/a/b/c
next_layer
kelpie 0 install -r v2.yml -p $R
expect err 'one: .*stays in .*/trash/keep-'
keep=$(sed -n 's/^.*one: .* stays in \(.*trash.keep-[0-9a-f]*\).*/\1/p' err)
[ "$(cat "$keep/files/a/b/c")" = mine ] || fail 'it was not kept'
grep -q 'one v1' "$keep/tasks/main.yml" || fail 'nor this'
version_is $R one v2
kelpie 0 install -f -r v1.yml -p $R
whole v1

# What a killed run left in its layer the next sweeps, however deep.
next_layer "$two_layers"
mkdir -p "$R/.kelpie/stage/1/1/role/$(seq -s/ 60)" $R/.kelpie/trash/old-1/a/b/c
touch $R/.kelpie/stage/1/1/role/1/2/3/file $R/.kelpie/trash/old-1/a/b/file
next_layer
kelpie 0 install -r v1.yml -p $R
expect_nothing_to_do 2
tidy

# The place of a nested name may be on another file system altogether.
next_layer "$two_layers"
mkdir other
cp -a $R/deep/er/two other/two
mount --bind other $R/deep/er
kelpie 1 install -r v2.yml -p $R
expect err 'two: .*: its place is on another file system than .kelpie'
kelpie 1 remove -p $R deep/er/two
expect err 'deep/er/two: is on another file system'
[ -e $R/deep/er/two/meta/main.yml ] || fail 'it is gone'
umount $R/deep/er
grep -q 'two v1' $R/deep/er/two/tasks/main.yml || fail 'it is another'
tidy

# Two at once take turns, also with a lock file that lies in a lower layer.
next_layer "$two_layers"
start_kelpie install -r v2.yml -p $R
"$KELPIE" install -r v2.yml -p $R >/dev/null 2>err2 || fail 'the other one'
ended_with 0
whole v2

# Ended or failed at each call that changes a directory.  A role is then old,
# new, or marked as one that is being replaced.
[ -z "$KELPIE_SANITIZE" ] || exit 0 # they do not like to be traced
if ! strace -o /dev/null true 2>/dev/null; then
	echo 'no strace here: no sweep'
	exit 0
fi
# strace INJECTION COMMAND... of the parent alone.
at_call()
{
	inject=$1
	shift
	strace -o trace -e trace=unlink,unlinkat,rename,renameat,renameat2,mkdirat,fsync,syncfs \
	    -e inject="$inject" "$KELPIE" "$@" >out 2>err || :
}
# state_of ROLE: v1, v2, none or marked.
state_of()
{
	if [ ! -e "$R/$1" ]; then
		echo none
	elif [ -n "$(find "$R/$1" -maxdepth 1 -name '.kelpie-*')" ] ||
	    [ -z "$(ls -A "$R/$1")" ]; then
		echo marked
	else
		sed -n 's/.*{msg: [a-z]* \(v[12]\)}/\1/p' "$R/$1/tasks/main.yml" >tag
		python3 "$KELPIE_TOP/tests/cmd/treelist.py" --role "$R/$1" >got.tree
		cmp -s got.tree "$(basename "$1").$(cat tag)" ||
		    fail "$1 is torn at $case_: $(cat got.tree)"
		cat tag
	fi
}
for r in one two; do
	for v in v1 v2; do
		git clone -q -b $v repos/$r.git tree 2>/dev/null
		rm -rf tree/.git
		python3 "$KELPIE_TOP/tests/cmd/treelist.py" tree >$r.$v
		rm -rf tree
	done
done
marked=0 ends=0
# sweep CALL EFFECT VERSION COMMAND...: until no call is left to hit.
step=5 first=0
[ "$KELPIE_ROUNDS" -lt 20 ] || step=1
sweep()
{
	call=$1 effect=$2 version=$3
	shift 3
	first=$((first + 1))
	n=$((first % step))
	while n=$((n + step)); do
		next_layer "$two_layers"
		case_=$call:$effect:when=$n
		at_call "$case_" "$@"
		grep -q 'INJECTED\|killed by' trace || break
		ends=$((ends + 1))
		for r in one deep/er/two; do
			state=$(state_of $r)
			case $state,$version in
			marked,*) marked=$((marked + 1)) ;;
			v1,* | v2,v2 | none,none) ;;
			none,v2)
				[ -n "$(find $R/.kelpie/trash -maxdepth 1 -name 'new-*' -o -name 'old-*')" ] ||
				    fail "$r is lost at $case_"
				;;
			*) fail "$r is $state at $case_" ;;
			esac
		done
		if [ "$version" = none ]; then
			for r in one deep/er/two; do
				"$KELPIE" remove -p $R $r >out 2>err || :
			done
			kelpie 0 install -r nothing.yml -p $R
			[ "$(state_of one)$(state_of deep/er/two)" = nonenone ] ||
			    fail "not removed after $case_"
			tidy
		else
			kelpie 0 install -r "$version.yml" -p $R
			whole "$version"
		fi
	done
}
echo '[]' >nothing.yml
for call in unlinkat /renameat2? mkdirat; do
	for effect in signal=KILL error=ENOSPC; do
		sweep "$call" "$effect" v2 install -r v2.yml -p $R --no-cache
		sweep "$call" "$effect" none remove -p $R one deep/er/two
	done
done
[ "$marked" -gt 0 ] || fail 'never met a role in between'
echo "$ends ends, $marked of them with a role in between"
