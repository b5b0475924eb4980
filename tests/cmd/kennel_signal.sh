#!/bin/sh
# Ctrl-C while pip runs is for all that would follow, whatever pip makes of it.
. "$(dirname "$0")/lib.sh"
mkdir bin
for pup in one two; do
	mkdir -p "$pup/tasks"
	echo x >"$pup/requirements.txt"
	echo "- {name: $pup, location: fs+$pup}" >>pupfile.yml
done
cat >bin/python3 <<-END
	#!/bin/sh
	echo called >>"$T/called"
	trap 'exit 1' INT
	kill -INT \$PPID
	while :; do sleep 0.05; done
END
chmod +x bin/python3
PATH=$T/bin:$PATH
expect_killed 2 "$KELPIE" install
[ "$(wc -l <called)" -eq 1 ] || fail 'pip was called again'
