#!/bin/sh
# kelpie prune asks on a terminal; what changed while it did stays.  What a
# role depends on that another tool installed is read, or nothing is removed.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1 v2
requirements both.yml <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
- {src: git+file://@REPOS@/two.git, version: v1}
EOT
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 0 install -p roles -r both.yml
# answer TEXT [COMMAND...]: prune on a terminal, do COMMAND once it asks,
# then type TEXT.
answer()
{
	python3 - "$KELPIE" "$@" >"$T/out" <<-'EOT'
		import os, pty, subprocess, sys
		kelpie, text, command = sys.argv[1], sys.argv[2], sys.argv[3:]
		pid, fd = pty.fork()
		if pid == 0:
		    os.execv(kelpie, [kelpie, "prune", "-p", "roles"])
		said = b""
		while b"[y/N]" not in said:
		    said += os.read(fd, 1000)
		if command:
		    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
		os.write(fd, text.encode())
		try:
		    while piece := os.read(fd, 1000):
		        said += piece
		except OSError:
		    pass
		sys.stdout.write(said.decode())
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOT
}
expect_answer()
{
	want=$1
	shift
	got=0
	answer "$@" || got=$?
	[ "$got" -eq "$want" ] || fail "status $got, not $want: $*"
}
for no in '
' 'n
' 'yesterday
' "$(printf '\004')"; do
	expect_answer 1 "$no"
	expect out '^remove two v1' "remove 1 role from '$T/roles'"
	version_is roles two v1
done
# It was replaced meanwhile.
requirements new.yml <<EOT
- {src: git+file://@REPOS@/two.git, version: v2}
EOT
expect_answer 1 'y
' "$KELPIE" install -p roles -r new.yml
expect out 'two: changed meanwhile, and stays'
version_is roles two v2
# Or edited.
expect_answer 1 'y
' sh -c 'echo "#" >>roles/two/tasks/main.yml'
expect out 'two: changed meanwhile, and stays'
[ -d roles/two ] || fail 'removed after an edit'
kelpie 0 install -p roles -f -r new.yml
expect_answer 0 'yes
'
expect out '^two: removed v2'
[ ! -e roles/two ] || fail 'still there'
# A role of another tool says itself what it depends on.
kelpie 0 install -p roles -r both.yml
rm -r roles/one roles/.kelpie/state
mkdir -p roles/one/meta
echo 'version: v1' >roles/one/meta/.galaxy_install_info
echo "dependencies: ['git+file://$REPOS/two.git,v1']" >roles/one/meta/main.yml
kelpie 0 prune -p roles --yes
expect out '^nothing to remove'
echo 'dependencies: [' >roles/one/meta/main.yml
kelpie 1 prune -p roles --yes -f
expect err "what 'one' depends on is not known: one/meta/main.yml:2"
[ -d roles/two ] || fail 'removed although nobody knows'
