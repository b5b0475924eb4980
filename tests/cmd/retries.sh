#!/bin/sh
# What may pass is tried again, shown, and not for ever; what cannot pass is
# not tried again.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
make_role two v1
unset KELPIE_RETRIES

serve --fail-first 1:503
kelpie 0 install -p roles "git+$URL/one.git,v1"
version_is roles one v1
expect err '^kelpie: warning: one: .*503; trying again in [0-9.]+ s \(2 of 3\)$'

serve --fail-first 1:cut
kelpie 0 install -p roles -f "git+$URL/one.git,v1"
expect err 'trying again in'

# So often and no more.
serve --mode status:502
kelpie 1 install -p roles -f --retries 1 "git+$URL/one.git,v1"
expect err '^one: FAILED: .*502 \(tried 2 times\)'
[ "$(requests)" -eq 2 ] || fail "$(requests) requests"
serve --mode status:502
kelpie 1 install -p roles -f --retries 0 "git+$URL/one.git,v1"
[ "$(requests)" -eq 1 ] || fail "$(requests) requests"
expect_no err 'trying again' 'tried'

# A role that is not there is not asked for again.
serve
kelpie 1 install -p roles "git+$URL/three.git,v1"
expect_no err 'trying again'

# The wish of the server counts: not before a second has gone by.
serve --fail-first 1:429:1
start=$(date +%s%N)
kelpie 0 install -p roles -f "git+$URL/one.git,v1"
took=$((($(date +%s%N) - start) / 1000000))
[ "$took" -ge 1000 ] || fail "only $took ms"
expect err '429; trying again in 1\.[0-9] s'

# One that wants us to wait for an hour is told of instead.
serve --fail-first 1:429:3600
kelpie 1 install -p roles -f "git+$URL/one.git,v1"
expect err '^one: FAILED: .*429; it wants us to wait 3600 seconds'
serve --fail-first 1:429:100000
kelpie 1 install -p roles -f "git+$URL/one.git,v1"
expect err 'it wants us to wait 100000 seconds'
[ "$(requests)" -eq 1 ] || fail "$(requests) requests"
version_is roles one v1
no_litter roles
