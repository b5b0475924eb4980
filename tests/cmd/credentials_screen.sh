#!/bin/sh
# On a terminal nothing is asked without --ask: not by git, not by a helper
# of the screen.
. "$(dirname "$0")/lib.sh"
make_role one v1
serve --basic shepherd:s3cr3tword
export GIT_CONFIG_GLOBAL="$T/config"
printf '#!/bin/sh\ntouch %s/asked\necho x\n' "$T" >askpass
chmod +x askpass
export GIT_ASKPASS="$T/askpass" SSH_ASKPASS="$T/askpass" DISPLAY=:9
git config -f config core.askPass "$T/askpass"
git config -f config credential.helper \
    '!{ exec </dev/tty; read -p tellme x; } 2>/dev/null; :'
for helper in 0 1; do
	[ "$helper" -eq 1 ] || git config -f config --add credential.helper ''
	expect_status 1 python3 "$here/terminal.py" "$KELPIE" install -p roles "git+$URL/one.git,v1"
	expect out 'one: FAILED: '
	expect_no out '[Uu]sername for' '[Pp]assword for' tellme
	[ ! -e asked ] || fail 'askpass was started'
done
