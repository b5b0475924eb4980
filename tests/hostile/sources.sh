#!/bin/sh
# H025 to H040: sources and versions, from requirements files, the command
# line, pupfiles, what roles depend on and Galaxy's answers.  H031 stands in
# cmd/secrets.sh, H037 waits for lock files.
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
. "$(dirname "$0")/../cmd/galaxy_lib.sh"
serve
url=$URL
serve
echo '{"roles": {}}' >galaxy.json
serve_galaxy galaxy.json
export KELPIE KELPIE_SANITIZE KELPIE_PORTABLE
python3 "$here/sources.py" "$T" "$url" "$GALAXY" "$URL" "$LOG" >log || {
	cat log
	fail 'sources'
}
cat log
