#!/bin/sh
# Options beat KELPIE_* variables, and those [kelpie] in ansible.cfg; what
# is wrong is named with its place.
. "$(dirname "$0")/lib.sh"
unset KELPIE_RETRIES
make_role one v1
requirements <<EOT
- {src: git+file://@REPOS@/one.git, version: v1}
EOT
printf '[defaults]\nroles_path = r\n[kelpie]\njobs = 0\n' >ansible.cfg
kelpie 1 install
expect err "^kelpie: $T/ansible.cfg:4: jobs '0' is too small$"
[ ! -e r ] || fail 'something was begun'
KELPIE_JOBS=x kelpie 1 install
expect err "^kelpie: KELPIE_JOBS 'x' is invalid$"
KELPIE_JOBS=x kelpie 0 install -j 2
version_is r one v1
rm -rf r
KELPIE_JOBS=3 kelpie 0 install
version_is r one v1
printf '[kelpie]\nperhost = 3\n' >ansible.cfg
kelpie 1 install -p r
expect err "^kelpie: $T/ansible.cfg:2: \[kelpie\] has no setting 'perhost'$"
# The options have the same rules.
rm ansible.cfg
for words in '--jobs 0' '--jobs 257' '--per-host 0' '--per-host x' \
    '--timeout 0' '--retries 21' '--retries -1' '--sync yes'; do
	# shellcheck disable=SC2086 # two words
	kelpie 2 install -p r $words
	expect err "^kelpie: ${words% *} '${words#* }' is "
done
kelpie 0 install -p r --jobs auto --per-host auto --retries 0 --sync=auto
kelpie 0 install -p r2 --per-host 1 --sync=no
version_is r2 one v1
# Offline there is nothing but the cache.
kelpie 2 install -p r --offline --no-cache
expect err 'cache'
KELPIE_NO_CACHE=1 kelpie 2 install -p r --offline
expect err 'KELPIE_NO_CACHE'
KELPIE_NO_CACHE=1 KELPIE_OFFLINE=no kelpie 0 install -p r
