#!/bin/sh
# Every fault of the file is reported at once with its place, and nothing is
# fetched.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role good v1
serve
requirements <<EOT
- {src: git+@URL@/good.git, version: v1}
- {src: git+@URL@/good.git, name: ../escape}
- {src: "ext::sh -c touch", name: ext}
- {version: v1}
- src: git+@URL@/good.git
  name: other
  version: -x
- {src: --upload-pack=touch, name: dash}
- 5
- {src: git+@URL@/good.git, name: .hidden}
- {src: svn+@URL@/good.git, name: svn}
- [a, list]
EOT
kelpie 1 install -p roles
for line in 2 3 4 8 10 11 12; do
	expect err "requirements\\.yml:$line:[0-9]+: "
done
expect err 'requirements\.yml:[57]:[0-9]+: '
[ "$(requests)" -eq 0 ] || fail 'it fetched'
[ ! -e roles ] || fail 'it wrote'
expect_plain err
