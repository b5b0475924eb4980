#!/bin/sh
# Roles come over http by tag, branch, default branch and commit id.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role nginx v1.0.0 v1.1.0
make_role redis 1.10
make_role users v3
make_role pinned old new
serve
requirements <<EOT
---
- src: git+@URL@/nginx.git
  version: v1.1.0
- src: @URL@/redis.git
  scm: git
  version: main
- name: people
  src: git+@URL@/users.git
- git+@URL@/pinned.git,$(commit_of pinned old)
EOT
kelpie 0 install -p roles
version_is roles nginx 'v1.1.0'
version_is roles redis main
grep -q 'debug: {msg: users main}' roles/people/tasks/main.yml || fail people
version_is roles pinned old
expect out '^nginx: installed v1\.1\.0 \(' '^redis: installed main' \
    '^people: installed' '^pinned: installed' '4 installed'
expect out "nginx: .*$(commit_of nginx v1.1.0 | cut -c1-7)"
expect_plain out err
[ ! -s err ] || fail 'words on standard error'
[ "$(stat -c %a roles/nginx/files/run.sh)" = 755 ] || fail 'mode of run.sh'
[ "$(stat -c %a roles/nginx/tasks/main.yml)" = 644 ] || fail 'mode of main.yml'
[ "$(stat -c %a roles/.kelpie)" = 700 ] || fail 'mode of .kelpie'
[ ! -e roles/nginx/.git ] || fail 'there is a .git'
no_litter roles
