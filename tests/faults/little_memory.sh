#!/bin/sh
# P14: where memory is little, what needs much of it costs one worker its life
# and one role; the error says what it probably was, and the others install.
# labels: rounds
. "$(dirname "$0")/../cmd/lib.sh"
[ "$(id -u)" -eq 0 ] || skip 'only root can make a control group'
[ -z "$KELPIE_SANITIZE" ] || skip 'a sanitizer needs memory of its own'
# Below our own group: what limits us limits it too.
group=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
group=/sys/fs/cgroup/memory${group%/}/kelpie-test-$$
mkdir "$group" 2>/dev/null || skip 'no control group for memory here'
at_exit "rmdir '$group'"
echo 48M >"$group/memory.limit_in_bytes"

# A file of 64 MB in some hundred kilobytes.
git init -q --bare -b main "$REPOS/huge.git"
{
	printf 'commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\n'
	printf 'data 1\nx\nM 644 inline meta/main.yml\ndata 4\n{}\n\n'
	printf 'M 644 inline files/huge\ndata 64000000\n'
	head -c 64000000 /dev/zero
} | git -c core.bigFileThreshold=1g -C "$REPOS/huge.git" fast-import --quiet
mkdir -p huge/meta
echo '{}' >huge/meta/main.yml
head -c 64000000 /dev/zero >huge/zeros
tar -cf - huge | gzip -1 >huge.tar.gz
rm -r huge
make_role one v1
make_role two v1
serve
requirements <<END
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/huge.git, version: main}
- {src: file://$T/huge.tar.gz, name: unpacked}
- {src: git+file://@REPOS@/huge.git, version: main, name: near}
- {src: git+@URL@/two.git, version: v1}
END
confined()
{
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"
}
expect_status 1 confined "$KELPIE" install -j 1 -p roles
for role in huge near unpacked; do
	expect err "^$role: FAILED: .*(did memory run out|[Oo]ut of memory)"
	[ ! -e roles/$role ] || fail "half of $role"
done
expect_no err '^(one|two):'
version_is roles one v1
version_is roles two v1
no_litter roles
# Where there is enough of it, the same comes to an end.
kelpie 0 install -p roles "git+$URL/huge.git,main"
[ "$(stat -c %s roles/huge/files/huge)" -eq 64000000 ] || fail 'cut off'
