#!/bin/sh
# H122 to H137, H147, H148: requirements files, what they include, pupfiles,
# ansible.cfg, git's configuration, what roles say of themselves, kelpie's own
# files, and directories that somebody has prepared.  H130 is
# cmd/many_roles_file.sh.
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
serve
export KELPIE KELPIE_SANITIZE KELPIE_PORTABLE
chmod 755 "$T"
python3 "$here/files.py" "$T" "$URL" >log || {
	cat log
	fail 'files'
}
cat log
