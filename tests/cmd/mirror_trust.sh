#!/bin/sh
# A mirror and the servers where roles are at home never see each other's
# credentials; certificates, proxies and time limits hold for it as for any
# server, and one that hangs costs its ten seconds, or --timeout, once.
. "$(dirname "$0")/lib.sh"
for n in 1 2 3 4 5 6; do
	make_role r$n v1
done
serve --basic me:h0mesecret
HOME_LOG=$LOG home=$URL
for n in 1 2 3 4 5 6; do
	echo "- {src: 'git+$home/r$n.git', name: r$n, version: v1}"
done >requirements.yml
printf 'machine 127.0.0.1 login me password h0mesecret\n' >home/.netrc
chmod 600 home/.netrc
kelpie 0 install --lock -p roles
kelpie 0 download
# shellcheck disable=SC2034 # for serve
REPOS=$T/kelpie-mirror
one=kelpie-mirror/$(git -C repos/r1.git rev-parse 'v1^{commit}').pack

# again STATUS OPTION...: on a machine that has nothing but the ~/.netrc.
again()
{
	rm -rf got home/.cache
	: >"$HOME_LOG"
	: >"$LOG"
	want=$1
	shift
	kelpie "$want" install -p got "$@"
	no_litter got
}

# What the mirror lacks comes with the password, all else without.
mv "$one" aside
serve
again 0 --mirror "http://localhost:$PORT"
expect_no "$LOG" auth
[ "$(wc -l <"$HOME_LOG")" -eq 1 ] || fail "at home: $(cat "$HOME_LOG")"
expect "$HOME_LOG" 'r1.git.* auth'

# A mirror that wants to know who we are.
serve --basic you:m1rrorsecret
again 0 --mirror "http://you:m1rrorsecret@localhost:$PORT" -v
[ "$(grep -c ' auth' "$LOG")" -eq 6 ] || fail "$(cat "$LOG")"
expect_no "$LOG" ' 401 '
[ "$(wc -l <"$HOME_LOG")" -eq 1 ] || fail "at home: $(cat "$HOME_LOG")"
again 0 --mirror "http://you:wr0ngsecret@localhost:$PORT" -v
[ "$(wc -l <"$HOME_LOG")" -eq 6 ] || fail "at home: $(cat "$HOME_LOG")"
expect err 'the mirror http://localhost:[0-9]*: .*refuses the user or the password'
expect_no err secret
expect_no out secret
! grep -rqE 'm1rror|wr0ng|localhost' got home || fail 'the mirror is remembered'
printf '[kelpie]\nmirror = ftp://you:m1rrorsecret@host/x\n' >ansible.cfg
again 1
expect err 'ansible.cfg:2: mirror: '
again 2 --mirror ftp://you:m1rrorsecret@host/x
expect err '^kelpie: --mirror: '
expect_no err secret
rm ansible.cfg
mv aside "$one"

# Its certificate counts, and the proxy that is set for it.
make_ca good
serve --cert "$T/good-host.pem" --key "$T/good-host.key"
again 0 --mirror "$URL" --ca-file good.pem
[ ! -s "$HOME_LOG" ] || fail "at home: $(cat "$HOME_LOG")"
again 0 --mirror "$URL"
[ ! -s "$LOG" ] || fail 'an unknown certificate was believed'
[ "$(grep -c 'going on without' err)" -eq 1 ] || fail "$(cat err)"
serve
no_proxy=127.0.0.1 http_proxy=$URL again 0 --mirror http://mirror.invalid/
[ "$(grep -c '200' "$LOG")" -eq 6 ] || fail "$(cat "$LOG")"

# Silent from the start, or in the middle of a pack.
for mode in stall stop:100; do
	serve --mode $mode
	start=$(date +%s)
	again 0 --mirror "$URL" --timeout 1 -j 2
	took=$(($(date +%s) - start))
	[ "$took" -lt 9 ] || fail "$mode: $took seconds"
	[ "$(grep -c 'going on without' err)" -eq 1 ] || fail "$(cat err)"
	# Of two workers both wait, and one job more may be in the pool's hands.
	[ "$(wc -l <"$LOG")" -le 3 ] || fail "asked again: $(cat "$LOG")"
	[ "$(wc -l <"$HOME_LOG")" -eq 6 ] || fail "at home: $(cat "$HOME_LOG")"
done

# nginx, where it is installed, and Python's own server.
background python3 -u -m http.server -b 127.0.0.1 -d kelpie-mirror 0 >python.log 2>&1
wait_for "a port" grep -q port python.log
at=$(sed -n 's/.*port \([0-9]*\).*/\1/p' python.log)
if [ -n "$at" ]; then
	again 0 --mirror "http://localhost:$at"
	[ ! -s "$HOME_LOG" ] || fail "at home: $(cat "$HOME_LOG")"
fi
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || exit 0
at=$(free_port)
mkdir nginx
cat >nginx.conf <<-END
	daemon off;
	master_process off;
	pid $T/nginx/pid;
	error_log $T/nginx/error.log;
	events {}
	http {
		access_log $T/nginx/access.log;
		client_body_temp_path $T/nginx/1;
		proxy_temp_path $T/nginx/2;
		fastcgi_temp_path $T/nginx/3;
		uwsgi_temp_path $T/nginx/4;
		scgi_temp_path $T/nginx/5;
		server {
			listen 127.0.0.1:$at;
			location /roles/ { alias $T/kelpie-mirror/; }
		}
	}
END
background "$nginx" -p "$T/nginx" -c "$T/nginx.conf" 2>nginx.err
wait_for nginx python3 -c "import socket; socket.create_connection(('127.0.0.1', $at))"
again 0 --mirror "http://localhost:$at/roles"
[ ! -s "$HOME_LOG" ] || fail "at home: $(cat "$HOME_LOG")"
[ "$(grep -c ' 200 ' nginx/access.log)" -eq 6 ] || fail "$(cat nginx/access.log)"
