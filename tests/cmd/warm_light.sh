#!/bin/sh
# A run with nothing to do starts no process, opens no socket and maps
# neither libgit2 nor libcurl.
. "$(dirname "$0")/lib.sh"
need strace
[ -z "$KELPIE_SANITIZE" ] || skip 'sanitizers do things of their own'
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
strace -o trace true 2>/dev/null || skip 'strace may not trace here'
kelpie 0 install -p roles
strace -f -o trace "$KELPIE" install -p roles >out 2>err || fail 'warm run'
expect_nothing_to_do 1
expect trace '^[0-9]+ +(execve|openat)'
expect_no trace 'libgit2' 'libcurl' 'kelpie-fetch' 'socket(pair)?\(' \
    ' (fork|vfork|clone3?)\(' ' flock\('
