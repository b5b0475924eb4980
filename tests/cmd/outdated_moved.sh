#!/bin/sh
# A tag that was moved since it was installed is told with both ids, and one
# that was locked is a failure; also if a range has gone past it.
. "$(dirname "$0")/lib.sh"
make_role tagged v1.0.0 v1.1.0
make_role range v1.0.0 v1.1.0
make_role other v1.0.0
make_role dep v1.0.0
serve
DEPENDENCIES="[{src: 'git+$URL/dep.git', version: v1.0.0, name: dep}]" \
    make_role web v1.0.0
requirements <<-'EOT'
	- {src: @URL@/tagged.git, version: v1.0.0}
	- {src: @URL@/range.git, version: "^1.0"}
	- {src: @URL@/other.git, version: v1.0.0}
	- {src: @URL@/web.git, version: v1.0.0}
EOT
kelpie 0 install -p roles
was=$(commit_of tagged v1.0.0)
was_range=$(commit_of range v1.1.0)
git -C "$REPOS/tagged.git" tag -f v1.0.0 main >/dev/null
git -C "$REPOS/range.git" tag -f v1.1.0 main >/dev/null
git -C "$REPOS/range.git" tag v1.2.0 main
now=$(commit_of tagged v1.0.0)
now_range=$(commit_of range v1.1.0)

# Installed, not locked: a warning, and not current.
kelpie 3 outdated -p roles
expect err "^kelpie: warning: tagged: tag 'v1.0.0' was commit $was when it was installed and is $now now" \
    "^kelpie: warning: range: tag 'v1.1.0' was commit $was_range when .* is $now_range now"
[ "$(wc -l <err)" -eq 2 ] || fail 'more than two warnings'
expect out '^tagged +v1.0.0 +v1.0.0 +v1.1.0 +tag was moved$' \
    '^range +v1.1.0 +v1.2.0 +v1.2.0 +tag was moved$' \
    '^other +v1.0.0 +v1.0.0 +v1.0.0$'
kelpie 0 outdated -p roles --exit-zero
kelpie 0 outdated -p roles other

# Two roles of one source are one question about the tags of both.
requirements two.yml <<-'EOT'
	- {src: @URL@/range.git, version: v1.0.0, name: low}
	- {src: @URL@/range.git, version: v1.1.0, name: high}
EOT
kelpie 0 install -r two.yml -p two
sed -i 's/version: v1.[01].0/version: "^1.0"/' two.yml
low=$(commit_of range v1.0.0)
git -C "$REPOS/range.git" tag -f v1.0.0 main >/dev/null
git -C "$REPOS/range.git" tag -f v1.1.0 "$was_range" >/dev/null
: >"$LOG"
kelpie 3 outdated -r two.yml -p two
expect err "low: tag 'v1.0.0' was commit $low " "high: tag 'v1.1.0' was commit $now_range "
[ "$(requests)" -eq 1 ] || fail "asked more than once: $(cat "$LOG")"
git -C "$REPOS/range.git" tag -f v1.0.0 "$low" >/dev/null

# Locked where they were: a failure, once for each tag, as of kelpie lock.
git -C "$REPOS/tagged.git" tag -f v1.0.0 "$was" >/dev/null
git -C "$REPOS/range.git" tag -f v1.1.0 "$was_range" >/dev/null
git -C "$REPOS/range.git" tag -d v1.2.0 >/dev/null
kelpie 0 lock
git -C "$REPOS/range.git" tag v1.3.0 main
kelpie 3 outdated -p roles
expect out '^dep +v1.0.0 +v1.0.0 +v1.0.0$' '^range +v1.1.0 +v1.3.0 +v1.3.0 +update$'
git -C "$REPOS/tagged.git" tag -f v1.0.0 main >/dev/null
cp requirements.lock saved.lock
kelpie 1 outdated -p roles
expect err "^kelpie: tagged: tag 'v1.0.0' was commit $was when it was locked and is $now now: .*--moved-tags tagged takes it"
[ "$(wc -l <err)" -eq 1 ] || fail 'told more than once'
kelpie 1 outdated -p roles --exit-zero --json
python3 - "$was" "$now" <<-'EOT' || fail 'another JSON'
	import json, sys
	roles = {r["name"]: r for r in json.load(open("out"))["roles"]}
	assert roles["tagged"]["state"] == "moved"
	assert roles["tagged"]["moved_tags"] == [
	    {"tag": "v1.0.0", "was": sys.argv[1], "now": sys.argv[2], "locked": True}]
	assert roles["other"]["moved_tags"] == []
EOT

# Roles that only the lock file names are told of, where nothing is in place.
kelpie 1 outdated -p nowhere
expect out '^dep +- +v1.0.0 +v1.0.0 +not installed$' \
    '^tagged +- +v1.0.0 +v1.1.0 +tag was moved$'
[ ! -e nowhere ] || fail 'a directory was made'
cmp requirements.lock saved.lock || fail 'the lock file was written'

# What update takes is where it is.
kelpie 0 update -p roles --moved-tags
kelpie 3 outdated -p roles
[ ! -s err ] || fail 'something was said'
expect out '^tagged +v1.0.0 +v1.0.0 +v1.1.0 +newer release$'

# A lock file that cannot be read.
echo '<<<<<<< HEAD' >>requirements.lock
kelpie 1 outdated -p roles
expect err 'requirements.lock:[0-9]+:1: '
