#!/bin/sh
# credential.useHttpPath: each repository of a host has a user of its own.
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
serve --basic shepherd:s3cr3tword
export GIT_CONFIG_GLOBAL="$T/config"
git config -f config credential.helper \
    "!f() { echo \"[\$1]\" >>$T/asked; cat >>$T/asked; echo username=shepherd; echo password=s3cr3tword; }; f"
git config -f config "credential.$URL.useHttpPath" true
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
- {src: git+@URL@/two.git, version: v1}
EOT
kelpie 0 install -p roles
[ "$(grep -c '^\[get\]' asked)" -eq 2 ] || fail 'not asked for each'
expect asked '^path=one.git$' '^path=two.git$'
# A user in the URL is told, and the password is for that user.
rm asked
kelpie 0 install -p other --no-cache "git+http://shepherd@127.0.0.1:$PORT/one.git,v1"
expect asked '^username=shepherd$'
