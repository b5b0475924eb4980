#!/bin/sh
# A kennel: kennel.cfg says where the pupfile is and where its roles go; what
# lies beside it is not read; every fault of a pupfile is told at once.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
make_role two v1

# says DIRECTORY TEXT: that is what the role would say.
says()
{
	grep -qx "  debug: {msg: $2}" "$1/tasks/main.yml" || fail "$1 is not $2"
}

# ---- only a pupfile ----

mkdir plain
cd plain || exit
requirements pupfile.yml <<-END
	---
	- { name: me.one, location: "git+@REPOS@/one.git,v1" }
	- name: two
	  location: git+file://@REPOS@/two.git
END
kelpie 0 install
says .kennel_roles/me.one "one v1"
version_is .kennel_roles two main
no_litter .kennel_roles
kelpie 0 install --parallel
expect_nothing_to_do 2

# Nothing is wiped: what is there stays when a pup fails.
requirements pupfile.yml <<-END
	- { name: me.one, location: "git+@REPOS@/one.git,v2" }
	- { name: two, location: "git+@REPOS@/none.git" }
END
kelpie 1 install --no-parallel
says .kennel_roles/me.one "one v2"
version_is .kennel_roles two main
expect "$T/err" '^two: FAILED'

# A pupfile gives way to a requirements file, which kennel.cfg does not.
requirements <<-END
	- {src: 'git+file://@REPOS@/one.git', name: from_file}
END
kelpie 0 install -p dest
[ -d dest/from_file ] || fail "requirements.yml was not read"
[ ! -e dest/me.one ] || fail "pupfile.yml was read, too"
expect "$T/err" "requirements.yml is here, so 'pupfile\.yml' is not read"
requirements pupfile.yml <<-END
	- { name: me.one, location: "git+@REPOS@/one.git,v1" }
END
: >kennel.cfg
kelpie 0 install -p other
[ -d other/me.one ] || fail "-p is not heeded"
[ ! -e other/from_file ] || fail "requirements.yml was read, too"
expect "$T/err" "kennel.cfg is here, so 'requirements.yml' is not read"
kelpie 0 install -r requirements.yml -p third
[ -d third/from_file ] || fail "-r is not heeded"
expect_no "$T/err" kennel

# ---- a kennel elsewhere ----

cd "$T" || exit
mkdir -p "100%/pups"
cat >"100%/my.cfg" <<-END
	[kennel]
	pupfile_path = pups/p%(x)s.yml
	kennel_roles_path = roles 50%
END
requirements '100%/pups/p%(x)s.yml' <<-END
	- { name: one, location: git+../../repos/one.git }
END
ANSIBLE_ROLES_PATH=$T/env
export ANSIBLE_ROLES_PATH
kelpie 0 install --config-file '100%/my.cfg'
version_is '100%/roles 50%' one main
[ ! -e env ] || fail "the environment goes before the kennel"
unset ANSIBLE_ROLES_PATH

# A file without [kennel] changes nothing.
mkdir usual
printf '[other]\nkennel_roles_path = x\n' >usual/kennel.cfg
cp '100%/pups/p%(x)s.yml' usual/pupfile.yml
sed -i 's|\.\./\.\./|../|' usual/pupfile.yml
(cd usual && kelpie 0 install)
version_is usual/.kennel_roles one main

# ---- what is not there, what is wrong ----

kelpie 1 install --config-file none.cfg
expect "$T/err" 'none\.cfg: No such file'
rm '100%/pups/p%(x)s.yml'
kelpie 1 install --config-file '100%/my.cfg'
expect "$T/err" '100%/pups/p%\(x\)s.yml: No such file'
version_is '100%/roles 50%' one main
kelpie 2 install --config-file '100%/my.cfg' -r x.yml
kelpie 2 install --config-file '100%/my.cfg' git+https://h/r
mkdir wrong
cd wrong || exit
printf '[kennel]\nkennel_role_path = x\n' >kennel.cfg
kelpie 1 install
expect "$T/err" "kennel\.cfg:2: .*'kennel_role_path'"
printf '[kennel]\n' >kennel.cfg
cat >pupfile.yml <<-'END'
	- { name: 'ok', location: "git+https://h.invalid/r" }
	- { name: '../esc', location: "git+https://h.invalid/r" }
	- { name: nowhere, location: pups/nowhere }
	- { name: other, location: hg+https://h.invalid/r }
	- { name: ok, location: "git+https://h.invalid/s" }
	- { name: "bell\a", location: "fs+\e[2Jx" }
	- { name: "$(touch PWNED)", location: "git+--upload-pack=touch PWNED" }
END
kelpie 1 install
expect "$T/err" '^kelpie: pupfile\.yml:2:11: .*\.\./esc' \
    "^kelpie: pupfile\.yml:3:30: location 'pups/nowhere' has no type" \
    "^kelpie: pupfile\.yml:4:28: type 'hg' is not taken" \
    "^kelpie: pupfile\.yml:5:3: role 'ok' is asked for twice" \
    '^kelpie: pupfile\.yml:6:11: .*bell' \
    '^kelpie: pupfile\.yml:6:31: ' '^kelpie: pupfile\.yml:7:39: '
[ "$(wc -l <"$T/err")" -eq 7 ] || fail "other faults than these"
[ ! -e .kennel_roles ] || fail "something was begun"
[ ! -e PWNED ] || fail "a shell has seen a name"

# A name is a name.
requirements pupfile.yml <<-'END'
	- { name: 'z; touch PWNED', location: "git+@REPOS@/one.git" }
	- { name: '$(touch PWNED)', location: "git+@REPOS@/two.git" }
END
kelpie 0 install
[ -d '.kennel_roles/z; touch PWNED' ] || fail "no such role"
# shellcheck disable=SC2016 # that is its name
[ -d '.kennel_roles/$(touch PWNED)' ] || fail "no such role"
[ ! -e PWNED ] || fail "a shell has seen a name"
