#!/bin/sh
# A directory of this machine is copied, or linked to for those who work on
# it; a role may lie anywhere inside a repository.
. "$(dirname "$0")/lib.sh"

mkdir -p mine/meta mine/tasks mine/files/empty mine/.git/objects
echo '{}' >mine/meta/main.yml
echo '- debug:' >mine/tasks/main.yml
printf '#!/bin/sh\n' >mine/files/run.sh
chmod 755 mine/files/run.sh
ln -s run.sh mine/files/go
mkfifo mine/files/pipe

# ---- copied ----

cat >r.yml <<'END'
- src: ./mine
- {src: fs+mine, name: again}
END
kelpie 0 install -r r.yml -p roles -v
expect out '2 installed'
expect err "'.git' is left out" "'files/pipe' is no file"
for role in mine again; do
	cmp mine/tasks/main.yml roles/$role/tasks/main.yml
	[ -x roles/$role/files/run.sh ] || fail 'not executable'
	[ "$(readlink roles/$role/files/go)" = run.sh ] || fail 'the link'
	[ ! -e roles/$role/.git ] || fail '.git came along'
done
kelpie 0 install -r r.yml -p roles
expect out 'nothing to do'

kelpie 0 list -p roles mine
expect out '^mine +no version '

# What leads out of it is refused, and the old copy stays.
ln -s ../../outside mine/files/out
kelpie 1 install -r r.yml -p roles -f
expect err "'files/out'"
cmp mine/tasks/main.yml roles/mine/tasks/main.yml
rm mine/files/out

for entry in 'src: ./mine, version: v1' 'src: ./nothing' 'src: ./mine/files/pipe'; do
	echo "- {$entry}" >bad.yml
	kelpie 1 install -r bad.yml -p roles
	expect err 'bad.yml:1:'
done
mkdir empty
echo '- src: ./empty' >bad.yml
kelpie 1 install -r bad.yml -p roles
expect err 'no meta/main.yml'

# Roles may go to a directory inside of it.
(cd mine && kelpie 0 install -p roles .,,mine)
[ -f mine/roles/mine/tasks/main.yml ] || fail 'not into itself'
[ ! -e mine/roles/mine/roles/.kelpie ] || fail 'the stage came along'
rm -r mine/roles

# ---- linked ----

cat >l.yml <<'END'
- {src: ./mine, type: link}
END
kelpie 0 install -r l.yml -p links
expect out '1 installed'
[ "$(readlink links/mine)" = "$PWD/mine" ] || fail "$(readlink links/mine)"
expect_no out ' min '
kelpie 0 install -r l.yml -p links
expect out 'nothing to do'

# It replaces a copy that nobody has edited, and a copy replaces it.
kelpie 0 install -r l.yml -p roles
[ -L roles/mine ] || fail 'no link'
kelpie 0 install -r r.yml -p roles
[ ! -L roles/mine ] || fail 'still a link'
cmp mine/tasks/main.yml roles/mine/tasks/main.yml
kelpie 0 install -r l.yml -p roles
kelpie 0 install -r l.yml -p roles -f
[ -L roles/mine ] || fail 'the link is gone'

# A link of somebody else stays.
ln -sfn /nowhere links/mine
kelpie 1 install -r l.yml -p links
expect err 'never replaced'
[ "$(readlink links/mine)" = /nowhere ] || fail 'replaced'
no_litter roles

# ---- inside a repository ----

make_role many v1
git clone -q "$REPOS/many.git" work
mkdir -p work/roles/one/meta work/roles/one/files work/roles/two/meta
echo 'dependencies: []' >work/roles/one/meta/main.yml
echo 'secret' >work/roles/one/files/not
echo 'dependencies: []' >work/roles/two/meta/main.yml
ln -s ../../two work/roles/one/files/up
echo 'not export-ignore' >work/.gitattributes
git -C work add -A
git -C work -c user.name=t -c user.email=t@example.org commit -qm more
git -C work tag v2
git -C work push -q --tags
cat >p.yml <<END
- {src: "git+file://$REPOS/many.git", path: roles/two, version: v2}
END
kelpie 0 install -r p.yml -p parts
expect out 'two: installed v2'
[ "$(cd parts/two && find . -type f | sort | tr '\n' ' ')" = \
    './meta/.galaxy_install_info ./meta/main.yml ' ] || fail "$(ls -R parts)"
kelpie 0 install -r p.yml -p parts
expect out 'nothing to do'
# The attributes of the whole repository hold, and the role's own root is
# what a link may not leave.
sed -i 's/two/one/' p.yml
kelpie 1 install -r p.yml -p parts
expect err 'files/up'
git -C work rm -q roles/one/files/up
git -C work -c user.name=t -c user.email=t@example.org commit -qm less
git -C work tag v3
git -C work push -q --tags
sed -i 's/v2/v3/' p.yml
kelpie 0 install -r p.yml -p parts
[ ! -e parts/one/files/not ] || fail 'export-ignore'
sed -i 's,roles/one,roles/none,' p.yml
kelpie 1 install -r p.yml -p parts
expect err "no directory 'roles/none'"

# What a link's role depends on comes with it.
make_role leaf v1
mkdir -p linked/meta
echo "dependencies: [{src: 'git+file://$REPOS/leaf.git', version: v1}]" \
    >linked/meta/main.yml
echo '- {src: ./linked, type: link}' >n.yml
kelpie 0 install -r n.yml -p alone -n
[ ! -e alone/leaf ] || fail 'a dependency in spite of -n'
kelpie 0 install -r n.yml -p needs
expect out '2 installed'
version_is needs leaf v1
# And that of a directory which is looked at again, and has not changed.
echo '- ./linked' >n.yml
kelpie 0 install -r n.yml -p copied
rm -rf copied/leaf
kelpie 0 install -r n.yml -p copied --refresh
expect out '1 installed'
version_is copied leaf v1
no_litter copied
