#!/bin/sh
# Names of Galaxy are told apart, with a word about what to write instead.
. "$(dirname "$0")/lib.sh"
make_role one v1
requirements <<EOT
- geerlingguy.nginx
- {name: geerlingguy.redis, version: 1.0.0}
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
kelpie 1 install -p roles
expect err 'requirements\.yml:1:.*geerlingguy\.nginx|geerlingguy\.nginx: ' \
    'geerlingguy\.redis' '[Gg]alaxy'
