#!/bin/sh
# Calls stand where they have their place: opening, removing, renaming,
# modes, programs, the screen, the environment; and descriptors that a child
# would inherit.  calls.py has the tables.
. "$(dirname "$0")/lib.sh"
need python3
# shellcheck disable=SC2046 # no name of ours has a blank
python3 tests/lint/calls.py $(files 'src/*.c' 'src/*.h') || exit 1

# The lint itself: each of these is found, and nothing else.
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
mkdir -p "$T/src/fetch"
cat >"$T/src/fetch/galaxy.c" <<'END'
/* system("x"); open("x", O_RDONLY); */
static const char text[] = "unlink(\"x\"); stdout";
int a = open("x", O_RDONLY | O_CLOEXEC);
int b = openat(at, "x", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
FILE *c = fopen("x", "re");
int d = chmod("x", 04755);
int e = fchmod(a, 0666);
int f = unlinkat(at, "x", 0);
int g = rename("x", "y") + renameat(at, "x", at, "y");
int h = execvp("x", args) + system("x");
int i = fprintf(stderr, text) + w.open("x") + h->unlink("x");
int j = reopen("x") + git_checkout_tree(k, l, m);
END
cat >"$T/src/tree.c" <<'END'
const int flags = O_WRONLY | O_CREAT | O_EXCL;
int a = openat(at, "x", flags, 0644) + mkdirat(at, "x", 0755);
int b = openat(at, "x", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
int c = symlinkat("x", at, "y") + symlink("x", "y");
END
(cd "$T" && python3 "$KELPIE_TOP/tests/lint/calls.py" src/fetch/galaxy.c src/tree.c) |
    grep -v '^the table lets' >"$T/got" || :
diff -u - "$T/got" <<'END' || exit 1
src/fetch/galaxy.c:3: open() has no place here to read
src/fetch/galaxy.c:4: openat() has no place here to write
src/fetch/galaxy.c:5: fopen() is never called
src/fetch/galaxy.c:6: chmod() is never called
src/fetch/galaxy.c:7: fchmod() has no place here
src/fetch/galaxy.c:8: unlinkat() has no place here
src/fetch/galaxy.c:9: rename() has no place here
src/fetch/galaxy.c:9: renameat() has no place here
src/fetch/galaxy.c:10: execvp() has no place here
src/fetch/galaxy.c:10: system() is never called
src/fetch/galaxy.c:11: fprintf() has no place here
src/fetch/galaxy.c:12: git_checkout_tree() is never called
src/fetch/galaxy.c:11: stderr has no place here
src/tree.c:2: openat() without O_CLOEXEC
src/tree.c:4: symlink() is never called
END
# A file that the table names for nothing is found as well.
python3 tests/lint/calls.py src/tree.c >"$T/got" || :
grep -q '^the table lets walk call ' "$T/got" || {
	echo 'a name in the table that is for nothing was not told'
	exit 1
}
