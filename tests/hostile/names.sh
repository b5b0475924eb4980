#!/bin/sh
# H001 to H024: names of roles, from requirements files, the command line,
# pupfiles, what roles depend on, Galaxy's answers and the state file.
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
. "$(dirname "$0")/../cmd/galaxy_lib.sh"
serve
echo '{"roles": {}}' >galaxy.json
serve_galaxy galaxy.json
export KELPIE KELPIE_SANITIZE KELPIE_PORTABLE
at_exit "umount '$T/world/roles/mount' 2>/dev/null"
python3 "$here/names.py" "$T" "$URL" "$GALAXY" >log || {
	cat log
	fail 'names'
}
cat log
