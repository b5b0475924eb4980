#!/bin/sh
# In a whole installation, from git, an archive and Galaxy, with what depends
# on them, nothing but kelpie itself is executed (P8).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/galaxy_lib.sh"
need strace
[ -z "$KELPIE_SANITIZE" ] || skip 'sanitizers do not like to be traced'
strace -qq -o trace true 2>/dev/null || skip 'no tracing here'
make_role leaf v1
make_role named 1.0.0
mkdir -p repos/files x-1/tasks x-1/meta
echo '[]' >x-1/tasks/main.yml
echo '{galaxy_info: {}, dependencies: []}' >x-1/meta/main.yml
tar czf repos/files/x.tar.gz x-1
cat >galaxy.json <<'EOT'
{"roles": {"me.named": {"id": 1, "github_user": "me", "github_repo": "named",
    "versions": ["1.0.0"]}}}
EOT
serve_galaxy galaxy.json
on_github
DEPENDENCIES="[{src: 'git+$URL/leaf.git', version: v1}]" make_role top v1
requirements <<EOT
- {src: git+@URL@/top.git, version: v1}
- {src: git+file://@REPOS@/named.git, name: here, version: 1.0.0}
- @URL@/files/x.tar.gz
- me.named
EOT
expect_status 0 strace -f -qq -o trace -e trace=execve,execveat \
    -e signal=none "$KELPIE" install -p roles -s "$GALAXY"
expect out '5 installed'
[ "$(grep -c 'execve' trace)" -eq 1 ] || fail "executed: $(cat trace)"
