#!/bin/sh
# Installing, replacing and removing on each file system that can be made
# here; what is immutable, append-only or a mount point is told, and stays as
# it was (H141).
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
[ "$(id -u)" -eq 0 ] || skip 'only root can mount'
make_role one v1 v2
make_role two v1 v2
for v in v1 v2; do
	requirements $v.yml <<-END
		- {src: git+file://@REPOS@/one.git, version: $v}
		- {src: git+file://@REPOS@/two.git, name: deep/er/two, version: $v}
	END
done
images=$T
[ ! -d /dev/shm ] || images=$(mktemp -d /dev/shm/kelpie-fs.XXXXXX)
at_exit "rm -rf '$images'"
R=disk/roles
mkdir disk
at_exit "! mountpoint -q '$T/disk' || umount -R '$T/disk'"
# is VERSION, and nothing is left.
is()
{
	version_is $R one "$1"
	grep -qx "  debug: {msg: two $1}" $R/deep/er/two/tasks/main.yml ||
	    fail "two is not $1"
	no_litter $R
	[ ! -e $R/.kelpie/trash ] || fail "trash is left"
}
all_ways()
{
	kelpie 0 install -r v1.yml -p $R
	is v1
	kelpie 0 install -r v2.yml -p $R
	[ ! -s err ] || fail 'it warns'
	is v2
	# Two in the place of one, and somebody's directory.
	kelpie 0 remove -p $R one
	mkdir -p $R/one
	echo mine >$R/one/mine
	kelpie 1 install -r v1.yml -p $R
	[ "$(cat $R/one/mine)" = mine ] || fail 'it is gone'
	rm -r $R/one
	kelpie 0 install -r v1.yml -p $R
	is v1
	kelpie 0 remove -p $R deep/er/two one
	[ "$(ls -A $R)" = .kelpie ] || fail "left: $(ls -A $R)"
}
# What cannot be moved: said, and as it was.
stays()
{
	kelpie 1 install -r v2.yml -p $R
	expect err "^one: FAILED: .*$1"
	version_is $R one v1
	no_litter $R
	kelpie 1 remove -p $R one
	expect err "one: .*$1"
	version_is $R one v1
	no_litter $R
}
immutables()
{
	kelpie 0 install -r v1.yml -p $R
	chattr +i $R/one 2>/dev/null || return 0
	stays immutable
	chattr -i $R/one
	chattr +a $R/one
	stays 'immutable|append-only'
	chattr -a $R/one
	# A new role can come into a directory that is append-only.
	kelpie 0 remove -p $R deep/er/two
	chattr +a $R
	stays append-only
	chattr -a $R
	kelpie 0 install -r v2.yml -p $R
	chattr +i $R
	kelpie 0 install -r v2.yml -p $R
	expect_nothing_to_do 2
	kelpie 1 install -r v1.yml -p $R
	expect err 'cannot write to .*Operation not permitted'
	chattr -i $R
	# A file in an old role: it stays in trash, and blocks nobody.
	chattr +i $R/one/tasks/main.yml
	kelpie 0 install -r v1.yml -p $R
	version_is $R one v1
	kelpie 0 install -r v1.yml -p $R
	kelpie 0 install -r v2.yml -p $R
	version_is $R one v2
	chattr -R -i $R/.kelpie
	kelpie 0 install -r v2.yml -p $R
	is v2
}
mount_points()
{
	kelpie 0 install -f -r v1.yml -p $R
	mount --bind $R/one $R/one
	stays 'mount point'
	umount $R/one
	# What is mounted inside of a role is nobody's to empty.
	mkdir -p other/some/deep $R/one/files/data
	echo mine >other/mine
	echo mine >other/some/deep/mine
	mount --bind other $R/one/files/data
	kelpie 0 install -f -r v2.yml -p $R
	version_is $R one v2
	kelpie 0 install -r v2.yml -p $R
	umount "$(awk '$2 ~ /trash.*data$/ {print $2}' /proc/self/mounts)"
	[ "$(cat other/mine other/some/deep/mine)" = 'mine
mine' ] || fail 'what was mounted is gone'
	rm -rf other
	kelpie 0 install -r v2.yml -p $R
	is v2
	kelpie 0 remove -p $R one deep/er/two
}
tried=''
for fs in ext4 xfs btrfs tmpfs; do
	if [ $fs = tmpfs ]; then
		mount -t tmpfs -o size=20m tmpfs disk 2>/dev/null || continue
	else
		command -v mkfs.$fs >/dev/null || continue
		truncate -s 320m "$images/$fs"
		mkfs.$fs -q "$images/$fs" >/dev/null
		mount -o loop "$images/$fs" disk 2>/dev/null || continue
	fi
	all_ways
	immutables
	mount_points
	tried="$tried $fs"
	umount disk
done
[ -n "$tried" ] || skip 'no file system can be mounted'
echo "on$tried"
