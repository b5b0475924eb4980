#!/bin/sh
# A long source neither hides the reason nor gets past the limit.
. "$(dirname "$0")/lib.sh"
serve
long=$(printf '%01800d' 0)
echo "- {src: 'git+$URL/$long.git', name: one}" >r.yml
kelpie 1 install -r r.yml -p roles
expect err '^one: FAILED: .*\.\.\.: not found'
echo "- {src: 'git+$URL/$long$long.git', name: one}" >r.yml
kelpie 1 install -r r.yml -p roles
expect err '^kelpie: r\.yml:1:[0-9]+: .*longer than 2048 bytes'
printf -- '- {src: "git+%s/one.git", version: v%0300d}\n' "$URL" 0 >r.yml
kelpie 1 install -r r.yml -p roles
expect err '^kelpie: r\.yml:1:[0-9]+: .*longer than 255 bytes'
