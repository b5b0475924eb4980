#!/bin/sh
# kelpie outdated: what is installed, what its range or branch is now, and the
# newest release, with one request a source; it writes nothing anywhere.
. "$(dirname "$0")/lib.sh"
make_role range v1.0.0 v1.2.0
make_role exact v1.0.0
make_role branch v1.0.0
make_role head
make_role plain 1.0 nightly
make_role pinned v1.0.0
make_role dep v1.0.0
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', version: '^1.0', name: dep}]" \
    make_role web v1.0.0
mkdir -p a/packed/meta dir/meta
echo '{}' >a/packed/meta/main.yml
echo '{}' >dir/meta/main.yml
tar -C a -czf repos/packed.tar.gz packed
requirements <<-EOT
	- {src: @URL@/range.git, version: "^1.0"}
	- {src: @URL@/exact.git, version: v1.0.0}
	- {src: @URL@/branch.git, version: main}
	- {src: @URL@/head.git}
	- {src: git+file://@REPOS@/plain.git, version: "1.0", name: plain}
	- {src: @URL@/pinned.git, version: $(commit_of pinned v1.0.0)}
	- {src: @URL@/web.git, version: v1.0.0}
	- src: @URL@/packed.tar.gz
	- {src: fs+dir, name: copied}
	- {src: $T/dir, type: link, name: linked}
EOT

short()
{
	commit_of "$1" "$2" | cut -c 1-7
}
state()
{
	python3 -c '
import json, sys
roles = {r["name"]: r for r in json.load(open("out"))["roles"]}
for key in sys.argv[2:]:
    print(key, roles[sys.argv[1]][key])' "$@"
}
tree()
{
	(cd "$1" && find . -printf '%p %y %i %m %T@ %s %l\n' | sort) >"$2"
}

# Nothing is in place.
kelpie 3 outdated -p roles
expect out "^range +- +v1.2.0 +v1.2.0 +not installed" "^linked +- +- +- +not installed"
[ ! -e roles ] || fail 'a roles directory was made'
[ ! -e home/.cache ] || fail "a cache was made"

# All is what it was a moment ago.
kelpie 0 install -p roles
tree roles before
: >"$LOG"
kelpie 0 outdated -p roles
expect_out <<-EOT
	role    installed       allowed         newest
	branch  main ($(short branch main))  main ($(short branch main))  v1.0.0
	copied  -               -               -
	dep     v1.0.0          v1.0.0          v1.0.0
	exact   v1.0.0          v1.0.0          v1.0.0
	head    HEAD ($(short head main))  HEAD ($(short head main))  -
	linked  -               -               -
	packed  -               -               -
	pinned  $(short pinned v1.0.0)         $(short pinned v1.0.0)         v1.0.0
	plain   1.0             1.0             1.0
	range   v1.2.0          v1.2.0          v1.2.0
	web     v1.0.0          v1.0.0          v1.0.0
EOT
[ ! -s err ] || fail 'something was said'
[ "$(requests)" -eq 7 ] || fail "$(requests) requests, not one a source: $(cat "$LOG")"
tree roles after
diff -u before after || fail 'something in roles was touched'
[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"

# more ROLE: another commit.
more()
{
	git -C "$REPOS/$1.git" update-ref refs/heads/main "$(
		git -C "$REPOS/$1.git" commit-tree -m more -p main 'main^{tree}')"
}

# Everything moves on.
for role in range dep; do
	git -C "$REPOS/$role.git" tag v1.3.0 main
	# That of dep is the same commit, and nothing is kept back.
	[ "$role" = dep ] || more range
	git -C "$REPOS/$role.git" tag v2.0.0 main
	git -C "$REPOS/$role.git" tag v3.0.0-rc1 main
done
git -C "$REPOS/exact.git" tag v1.1.0 main
git -C "$REPOS/plain.git" tag v1.0.1 main
git -C "$REPOS/pinned.git" tag v2.0.0 main
git -C "$REPOS/branch.git" update-ref refs/heads/main "$(commit_of branch v1.0.0)"
more head
git -C "$REPOS/head.git" tag v0.1.0-rc1 main
kelpie 3 outdated -p roles
expect out '^range +v1.2.0 +v1.3.0 +v2.0.0 +update, newest kept back by \^1.0$' \
    '^dep +v1.0.0 +v1.3.0 +v2.0.0 +update$' \
    '^exact +v1.0.0 +v1.0.0 +v1.1.0 +newer release$' \
    '^plain +1.0 +1.0 +v1.0.1 +newer release$' \
    "^branch +main \(.*\) +main \($(short branch main)\) +v1.0.0 +update$" \
    "^head +HEAD \(.*\) +HEAD \($(short head main)\) +- +update$" \
    '^web +v1.0.0 +v1.0.0 +v1.0.0$' \
    "^pinned +$(short pinned v1.0.0) +$(short pinned v1.0.0) +v2.0.0$"
kelpie 0 outdated -p roles --exit-zero
kelpie 3 outdated -p roles -q
[ ! -s out ] || fail 'said something with -q'

# As JSON, with all of it.
kelpie 3 outdated -p roles --json
state range installed allowed newest state kept_back installed_commit newest_commit error dependency >got
expect_out got <<-EOT
	installed v1.2.0
	allowed v1.3.0
	newest v2.0.0
	state update
	kept_back True
	installed_commit $(commit_of range v1.2.0)
	newest_commit $(commit_of range v2.0.0)
	error None
	dependency False
EOT
state dep dependency asked state >got
expect_out got <<-'EOT'
	dependency True
	asked ^1.0
	state update
EOT
state copied installed allowed newest state >got
expect_out got <<-'EOT'
	installed None
	allowed None
	newest None
	state unknown
EOT

# Names pick some; all of these are current.
kelpie 0 outdated -p roles web linked
expect_out <<-'EOT'
	role    installed  allowed  newest
	linked  -          -        -
	web     v1.0.0     v1.0.0   v1.0.0
EOT
kelpie 3 outdated -p roles dep web
kelpie 1 outdated -p roles nobody
expect err "nothing asks for a role 'nobody'"

# A source that is not there: a failure, and the others are told all the same.
mv "$REPOS/exact.git" "$REPOS/away.git"
kelpie 1 outdated -p roles
expect err '^exact: FAILED: .*exact.git'
expect out '^exact +v1.0.0 +- +- +failed$' '^range +v1.2.0 +v1.3.0 '
kelpie 1 outdated -p roles --json --exit-zero
state exact state >got
expect got 'state failed'
mv "$REPOS/away.git" "$REPOS/exact.git"

# What is asked for is another version than what is in place.
requirements <<-'EOT'
	- {src: @URL@/exact.git, version: v1.1.0}
	- {src: @URL@/range.git, version: ">=9"}
	- {src: @URL@/plain.git, version: nightly}
	- {src: @URL@/web.git, version: main}
EOT
kelpie 1 outdated -p roles
expect out '^dep +v1.0.0 +v1.3.0 +v2.0.0 +update$' '^web +v1.0.0 +main '
expect err "^range: FAILED: .*no tag in '>=9'; the nearest tags are "
expect out '^exact +v1.0.0 +v1.1.0 +v1.1.0 +update$' '^range +v1.2.0 +- +v2.0.0 +failed$' \
    "^plain +1.0 +nightly \($(short plain nightly)\) +v1.0.1 +update$"

# A role that another tool installed, at a branch: nobody knows its commit.  A
# role that nobody installed is not what is asked for.
requirements <<-'EOT'
	- {src: @URL@/branch.git, version: main}
	- {src: @URL@/exact.git, version: v1.1.0}
EOT
mkdir -p theirs
cp -r roles/branch roles/exact theirs
kelpie 3 outdated -p theirs branch exact
expect out '^branch +main +main .* +v1.0.0$' '^exact +v1.0.0 +v1.1.0 +v1.1.0 +update$'
kelpie 0 outdated -p theirs branch --json
state branch state >got
expect got 'state unknown'
rm theirs/branch/meta/.galaxy_install_info
kelpie 3 outdated -p theirs branch
expect out '^branch +- +main .* +update$'

# Beside a run that is at work; what a crash left is the next install's.
mkdir -p roles/.kelpie/stage/9
tree roles before
flock roles/.kelpie/lock "$KELPIE" outdated -p roles exact >out 2>err || :
expect out '^exact +v1.0.0 +v1.1.0'
expect_no err 'waiting'
kelpie 3 outdated -p roles exact
tree roles after
diff -u before after || fail 'something in roles was touched'

# Where a name cannot be shown, its bytes are, and nothing is escaped twice.
requirements odd.yml <<-'EOT'
	- {src: @URL@/plain.git, version: nightly, name: "tür"}
EOT
LC_ALL=C kelpie 3 outdated -r odd.yml -p roles
expect out '^t\\xc3\\xbcr '
expect_no out 'x5cx'

kelpie 2 outdated --offline
KELPIE_OFFLINE=1 kelpie 2 outdated -p roles
expect err 'offline'

mkdir empty && cd empty || exit 1
kelpie 2 outdated
expect "$T/err" 'no requirements.yml here'
