#!/bin/sh
# No password of an URL is shown or kept, whatever happens (H031).
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
serve --basic shepherd:s3cr3tword
base=shepherd:s3cr3tword@127.0.0.1
requirements <<EOT
- {src: git+http://$base:$PORT/one.git, version: v1}
- {src: git+http://$base:$PORT/nosuch.git, version: v1}
- {src: git+http://$base:1/refused.git, version: v1}
EOT
requirements faulty.yml <<EOT
- {src: git+http://$base:$PORT/one.git, version: v1, name: ..}
- {src: ftp://$base/x.git, name: x}
- {src: git+http://$base:99999/x.git, name: y}
EOT
: >all
check()
{
	"$KELPIE" "$@" >>all 2>&1 || :
}
check install -r faulty.yml -p roles
check install -p roles --dry-run
check install -p roles
check install -p roles -v
check install -p roles -vv -f
stop "$SERVER"
check install -p roles -v -f
check install -p roles "git+http://$base:1/x.git,v1"
expect all 'one: installed' 'nosuch'
expect_no all 's3cr3tword' 'shepherd'
! grep -r s3cr3tword roles || fail 'it is kept'
# Nor by the verbs that tell of roles, nor in what is kept of what was fetched.
check list -p roles
check list -p roles --json
check info -p roles one
check info -p roles --json one
check cache
expect_no all 's3cr3tword' 'shepherd'
! grep -r s3cr3tword home roles tmp || fail 'it is kept'
