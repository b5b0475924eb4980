#!/bin/sh
# Neither hooks nor filters nor the user's git configuration run anything (H148).
. "$(dirname "$0")/lib.sh"
make_role one v1
unset GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
cat >home/.gitconfig <<EOT
[core]
	fsmonitor = touch $T/pwned
	hooksPath = $T/hooks
	autocrlf = true
[filter "evil"]
	smudge = touch $T/pwned
	required = true
[url "http://127.0.0.1:1/"]
	insteadOf = nothing:
EOT
mkdir hooks
printf '#!/bin/sh\ntouch %s/pwned\n' "$T" >hooks/post-checkout
chmod +x hooks/post-checkout
kelpie 0 install -p roles "git+file://$REPOS/one.git,v1"
[ ! -e pwned ] || fail 'a command ran'
! grep -q "$(printf '\r')" roles/one/tasks/main.yml || fail 'autocrlf was heeded'
