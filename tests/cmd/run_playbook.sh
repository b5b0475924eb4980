#!/bin/sh
# kelpie run is ansible-playbook with the roles of the kennel: which arguments
# it gets, its exit status, signals; a script stands for it.
# labels: core
. "$(dirname "$0")/lib.sh"
make_role one v1
mkdir bin
cat >bin/ansible-playbook <<-'END'
	#!/bin/sh
	echo "path=$ANSIBLE_ROLES_PATH"
	for word; do
		printf '[%s]\n' "$word"
	done
	[ ! -e die ] || kill -TERM $$
	[ ! -e stay ] || { : >waiting; exec sleep 30; }
	exit "${STATUS:-0}"
END
chmod +x bin/ansible-playbook
PATH=$T/bin:$PATH
usual=$HOME/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles

# ---- outside of a kennel ----

kelpie 2 run
expect "$T/err" 'this is no kennel, .*; name a playbook'
kelpie 0 run site.yml
expect_out <<-END
	path=
	[site.yml]
END
STATUS=4
export STATUS
kelpie 4 run site.yml other.yml -- --check -e 'a b'
unset STATUS
expect_out <<-END
	path=
	[site.yml]
	[other.yml]
	[--check]
	[-e]
	[a b]
END
kelpie 2 run --check site.yml
expect "$T/err" "'--check' is not known here.*behind '--'"
kelpie 2 run --ansible-args "'x" site.yml
expect "$T/err" "^kelpie: --ansible-args: a quote in ''x' is not closed"
requirements <<-END
	- {src: 'git+@REPOS@/one.git', version: v1}
END
ANSIBLE_ROLES_PATH=$T/roles
export ANSIBLE_ROLES_PATH
kelpie 0 run --install site.yml
version_is roles one v1
expect "$T/out" 'one: installed v1' "^path=$T/roles\$" '^\[site\.yml\]$'
unset ANSIBLE_ROLES_PATH

# ---- in a kennel ----

mkdir kennel
cd kennel || exit
requirements pupfile.yml <<-END
	- {name: one, location: "git+@REPOS@/one.git"}
END
kelpie 0 run
expect_out <<-END
	path=$T/kennel/.kennel_roles:$usual
	[$T/kennel/kennel.yml]
END
expect "$T/err" "'$T/kennel/.kennel_roles' is not there"
printf '[kennel]\nvault_password_file = v p\nkennel_playbook_path = p/k.yml\n' \
    >kennel.cfg
ANSIBLE_ROLES_PATH=/a:/b
export ANSIBLE_ROLES_PATH
# shellcheck disable=SC2016 # no shell is to see it
kelpie 0 run --install --ansible-args '-v "a  b" $HOME;id' --ansible-args x
expect "$T/out" '^one: installed'
sed -i '1,/^path=/{/^path=/!d}' "$T/out"
expect_out <<-END
	path=$T/kennel/.kennel_roles:/a:/b
	[--vault-password-file]
	[$T/kennel/v p]
	[-v]
	[a  b]
	[\$HOME;id]
	[x]
	[$T/kennel/p/k.yml]
END
unset ANSIBLE_ROLES_PATH
printf '[defaults]\nroles_path = mine\n' >ansible.cfg
kelpie 0 run named.yml --ansible-args x -- --check
expect_out <<-END
	path=$T/kennel/.kennel_roles:$T/kennel/mine
	[--vault-password-file]
	[$T/kennel/v p]
	[x]
	[named.yml]
	[--check]
END
expect_no "$T/err" .

# A failed install is no run.
requirements pupfile.yml <<-END
	- {name: one, location: "git+@REPOS@/none.git"}
END
kelpie 1 run --install
expect_no "$T/out" '^path='
echo '- {name: one, location: nowhere}' >pupfile.yml
kelpie 1 run --install
expect "$T/err" '^kelpie: pupfile\.yml:1:25: '
expect_no "$T/out" '^path='

# Another kennel; a ':' cannot be said in a roles path.
(cd "$T" && kelpie 0 run --config-file kennel/kennel.cfg)
expect "$T/out" "^path=$T/kennel/.kennel_roles:" "^\[$T/kennel/p/k.yml\]\$"
mkdir 'a:b'
: >a:b/x.cfg
kelpie 1 run --config-file a:b/x.cfg
expect "$T/err" "a ':' for the end of a roles path"
kelpie 1 run --config-file none.cfg
expect "$T/err" '^kelpie: none\.cfg: No such file'

# ---- its end is ours ----

requirements pupfile.yml <<-END
	- {name: other, location: "git+@REPOS@/one.git"}
END
: >die
expect_killed 15 "$KELPIE" run
rm die
: >stay
start_kelpie run --install
wait_for "the playbook" test -e waiting
[ -d .kennel_roles/other ] || fail "no pool has run"
kill -INT "$kelpie_pid"
ended_killed Interrupt

(export PATH="$T/empty" && kelpie 127 run)
expect "$T/err" "no 'ansible-playbook' on PATH; .*install ansible-core"
