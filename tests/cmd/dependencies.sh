#!/bin/sh
# What roles depend on is installed with them: of new roles, of roles in
# place, of dependencies; cycles end, and the requirements file decides.
# labels: core
. "$(dirname "$0")/lib.sh"

# role NAME DEPENDENCY...: each is NAME[,VERSION]
role()
{
	name=$1
	shift
	DEPENDENCIES='['
	for need; do
		version=${need#*,}
		[ "$version" != "$need" ] || version=
		DEPENDENCIES="$DEPENDENCIES{src: 'git+file://$REPOS/${need%,*}.git', version: '$version'},"
	done
	DEPENDENCIES="$DEPENDENCIES]"
	make_role "$name" v1 v2
}

role leaf
role middle leaf,v1
role top middle other
role other leaf
role circle middle ring
role ring circle
cat >r.yml <<END
- src: git+file://$REPOS/top.git
  version: v1
END
kelpie 0 install -r r.yml -p roles
expect out '4 installed'
version_is roles leaf v1
version_is roles top v1
[ -d roles/middle ] && [ -d roles/other ] || fail 'a dependency is missing'

# Nothing is to do, and no worker is started for that.
kelpie 0 install -r r.yml -p roles -v
expect out '4 roles are in place'
expect_no err workers

# A dependency that was removed comes back.
rm -rf roles/leaf
kelpie 0 install -r r.yml -p roles
expect out '1 installed'
version_is roles leaf v1

# Also where another tool has installed the role that needs it.
rm -rf roles/leaf roles/.kelpie
kelpie 0 install -r r.yml -p roles
expect out '1 installed'
version_is roles leaf v1

# A circle ends, with force as well.
echo "- git+file://$REPOS/circle.git" >c.yml
kelpie 0 install -r c.yml -p circles
expect out '4 installed'
timeout 20 "$KELPIE" install -r c.yml -p circles --no-cache >out 2>err ||
    fail 'the second run'

# The requirements file decides.
cat >d.yml <<END
- {src: git+file://$REPOS/leaf.git, version: v2}
- {src: git+file://$REPOS/middle.git, version: v1}
END
kelpie 0 install -r d.yml -p decided -v
version_is decided leaf v2
expect err 'the requirements file decides'

# Two that want different things, and nobody to decide.
role first leaf,v1
role second leaf,v2
cat >e.yml <<END
- git+file://$REPOS/first.git
- git+file://$REPOS/second.git
END
kelpie 1 install -r e.yml -p conflict
expect err "role 'leaf' is wanted twice" "of role 'first'" "of role 'second'" \
    'the requirements file'
cat >>e.yml <<END
- git+file://$REPOS/leaf.git,v2
END
kelpie 0 install -r e.yml -p conflict
version_is conflict leaf v2

# Any version will do for one, the other wants one.
role any leaf
role one leaf,v1
for n in 1 2 3; do
	printf '%s\n' "- git+file://$REPOS/any.git" \
	    "- git+file://$REPOS/one.git" >f.yml
	[ $n -ne 2 ] || sort -r f.yml -o f.yml
	kelpie 0 install -r f.yml -p "any$n"
	version_is "any$n" leaf v1
done
no_litter any1

# They come at the same time, also if only one role was asked for.
serve
DEPENDENCIES='['
for n in $(seq 12); do
	DEPENDENCIES="$DEPENDENCIES{src: 'git+$URL/leaf.git', name: leaf$n},"
done
DEPENDENCIES="$DEPENDENCIES]"
make_role wide v1
echo "- git+file://$REPOS/wide.git" >w.yml
kelpie 0 install -r w.yml -p wide --no-cache -v
expect out '13 installed'
expect err 'at most ([4-9]|1[0-9]) at once'

# A server that goes on and on is left at some point, and that is told once.
for n in 1 2 3; do
	mkdir -p "many$n/meta"
	echo '{}' >"many$n/meta/main.yml"
	i=0
	while [ $i -lt 900 ]; do
		echo "- git+file://$REPOS/none/many$n.$i.git"
		i=$((i + 1))
	done >"many$n/meta/requirements.yml"
	echo "- src: fs+many$n" >>many.yml
done
kelpie 1 install -r many.yml -p many
expect out '3 installed, 2000 failed'
[ "$(grep -c 'more than 2000 roles' err)" = 1 ] || fail 'told more than once'
# The same of roles that are all in place.
role newer leaf,v2
printf '%s\n' "- git+file://$REPOS/any.git" "- git+file://$REPOS/newer.git" \
    "- git+file://$REPOS/leaf.git,v1" >g.yml
kelpie 0 install -r g.yml -p kept
version_is kept leaf v1
sed -i '$d' g.yml
kelpie 0 install -r g.yml -p kept
version_is kept leaf v2

# What cannot be is no plan, either.
cat >h.yml <<END
- git+file://$REPOS/one.git
- git+file://$REPOS/newer.git
- git+file://$REPOS/leaf.git,v1
END
kelpie 0 install -r h.yml -p planned
sed -i '$d' h.yml
kelpie 1 install -r h.yml -p planned --dry-run
expect err "role 'leaf' is wanted twice"
