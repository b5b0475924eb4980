# shellcheck shell=sh
# world_lib.sh - a small world in which things go wrong.  Sourced after
# ../cmd/lib.sh by tests that have rounds.py look what came of it.
#
# $room is a place for the rounds; before/ holds the role kept, v1; new.yml
# asks for kept v2, in place of it, a role over http that depends on another,
# and an archive; after/ is what that comes to.

serve
make_role base v1
# shellcheck disable=SC2034 # for make_role
DEPENDENCIES="[{src: git+$URL/base.git, version: v1}]"
make_role site v1
unset DEPENDENCIES
make_role kept v1 v2
make_role tool v1
git -C "$REPOS/tool.git" archive --format=tar.gz --prefix=tool-1/ \
    -o "$T/tool.tar.gz" v1
requirements old.yml <<END
- {src: git+file://@REPOS@/kept.git, version: v1}
END
requirements new.yml <<END
- {src: git+@URL@/site.git, version: v1}
- {src: git+file://@REPOS@/kept.git, version: v2}
- {src: file://$T/tool.tar.gz, name: tool}
END
kelpie 0 install -r old.yml -p before
kelpie 0 install -r new.yml -p after

# Where nothing waits for a disk, if there is such a place.
room=$(mktemp -d "/dev/shm/kelpie-$test_name.XXXXXX" 2>/dev/null) ||
    room=$T/tmp
at_exit "rm -rf '$room'"

# rounds PROGRAM OPTION...: run a script beside this one on that world.
rounds()
{
	program=$1
	shift
	python3 "$here/$program" --kelpie "$KELPIE" \
	    --requirements "$T/new.yml" --before "$T/before" \
	    --after "$T/after" --tmp "$room" "$@"
}
