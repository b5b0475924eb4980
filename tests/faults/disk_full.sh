#!/bin/sh
# A full disk fails the roles that do not fit, once each, and leaves nothing
# half-written; with room again the same command succeeds.
. "$(dirname "$0")/../cmd/lib.sh"
[ "$(id -u)" -eq 0 ] || skip 'only root can mount'
make_role small v1
make_role large v1
git clone -q repos/large.git work
mkdir work/files/more
for n in 1 2 3 4 5 6; do
	head -c 500000 /dev/urandom >work/files/more/$n
done
git -C work add .
git -C work commit -qm large
git -C work push -q origin HEAD:main
rm -rf work
mkdir disk
mount -t tmpfs -o size=1500k tmpfs disk 2>/dev/null || skip 'cannot mount'
at_exit "umount '$T/disk'"
requirements <<EOT
- {src: git+file://@REPOS@/small.git, version: v1}
- {src: git+file://@REPOS@/large.git, version: main}
EOT
kelpie 1 install -p disk/roles
expect err '^large: FAILED: .*[Nn]o space'
[ ! -e disk/roles/large ] || fail 'half a role'
version_is disk/roles small v1
no_litter disk/roles
mount -o remount,size=20m disk
kelpie 0 install -p disk/roles
expect out '1 installed' '1 already there'
# No room for anything at all.
mkdir full
mount -t tmpfs -o size=4k,nr_inodes=3 tmpfs full
at_exit "umount '$T/full'"
kelpie 1 install -p full/roles
expect err '[Nn]o space'
