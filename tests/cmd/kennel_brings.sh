#!/bin/sh
# What pups bring along: roles of their requirements.yml, then Python packages
# of their requirements.txt, one pip at a time, none before all roles are in
# place; a script stands for Python.
. "$(dirname "$0")/lib.sh"
make_role base v1 v2
make_role other v1 v2
make_role plain v1

# with NAME FILE: the newest commit of NAME has the file as well, from
# standard input.
with()
{
	git clone -q "$REPOS/$1.git" work
	requirements "work/$2"
	git -C work add .
	git -C work commit -qm more
	git -C work push -q origin HEAD:main
	rm -rf work
}

make_role pup v1
make_role dog v1
with pup requirements.yml <<-END
	---
	roles:
	  - {name: the.base, src: 'git+file://@REPOS@/base.git', version: v1}
	  - {name: other, src: 'git+file://@REPOS@/other.git', version: v1}
	collections: [a.b]
END
echo 'one==1' | with pup requirements.txt
echo 'two==2' | with dog requirements.txt
mkdir bin
cat >bin/python3 <<-'END'
	#!/bin/sh
	T=${0%/bin/python3}
	[ ! -e "$T/running" ] || echo "two at once"
	: >"$T/running"
	printf '%s\n' "$*" >>"$T/pip.log"
	ls -A "$T/.kennel_roles" >"$T/there"
	rm "$T/running"
	for file; do :; done
	[ ! -e "$T/fails" ] || ! grep -qx -f "$T/fails" "$file" || exit 3
END
chmod +x bin/python3
requirements pupfile.yml <<-END
	- { name: 'a; touch PWNED', location: "git+@REPOS@/pup.git" }
	- { name: dog, location: "git+@REPOS@/dog.git" }
	- { name: other, location: "git+@REPOS@/other.git,v2" }
	- { name: plain, location: "git+@REPOS@/plain.git" }
END

# in_kennel STATUS OPTION...
in_kennel()
{
	status=$1
	shift
	: >pip.log
	(PATH=$T/bin:$PATH && kelpie "$status" install "$@")
}

in_kennel 0 --no-pip
[ ! -s pip.log ] || fail "--no-pip is not heeded"
grep -q 'base v1' .kennel_roles/the.base/tasks/main.yml || fail "no base"
version_is .kennel_roles other v2
[ ! -e PWNED ] || fail "a shell has seen a name"
rm -r .kennel_roles
in_kennel 0 --no-deps -v
[ ! -e .kennel_roles/the.base ] || fail "--no-deps is not heeded"
expect "$T/err" 'requirements\.yml:5:14: collections .* are not fetched'
[ -s pip.log ] || fail "--no-deps says nothing of pip"

# The record of a run without a kennel knows nothing of such needs.
rm -r .kennel_roles
kelpie 0 convert
kelpie 0 install -r requirements.yml -p .kennel_roles
[ ! -e .kennel_roles/the.base ] || fail "a pup's file counts outside"
rm requirements.yml

# The file is the last word; all roles are there when the first pip begins.
in_kennel 0
sed 's/.* -r //' pip.log >"$T/out"
expect_out <<-END
	$T/.kennel_roles/a; touch PWNED/requirements.txt
	$T/.kennel_roles/dog/requirements.txt
END
expect pip.log '^-m pip install .*--no-input .*--quiet -r '
grep -qx the.base there || fail "pip began before the roles were in place"
[ ! -e PWNED ] || fail "a shell has seen a name"

# Its failure counts and is told, and the other pups get theirs.
echo 'one==1' >fails
in_kennel 1
expect "$T/err" 'a; touch PWNED: .*requirements\.txt: pip ended with exit status 3'
[ "$(wc -l <pip.log)" -eq 2 ] || fail "the other pup was forgotten"
rm fails
in_kennel 0 --offline
expect pip.log '--no-index'
in_kennel 0 --dry-run
[ ! -s pip.log ] || fail "a dry run is none"

# No pip as long as a role is missing.
requirements pupfile.yml <<-END
	- { name: dog, location: "git+@REPOS@/dog.git" }
	- { name: none, location: "git+@REPOS@/none.git" }
END
in_kennel 1
[ ! -s pip.log ] || fail "pip although a role is missing"

# What cannot be read is a failure of that pup; what two want differently is
# told, and the pupfile decides.
with dog requirements.yml <<-END
	- {name: '../esc', src: 'git+file://@REPOS@/base.git'}
END
requirements pupfile.yml <<-END
	- { name: dog, location: "git+@REPOS@/dog.git" }
	- { name: dog2, location: "git+@REPOS@/dog.git" }
END
in_kennel 1
expect "$T/err" "dog2: FAILED: .*: requirements\.yml:1:10: bad role name '\.\./esc'"
[ ! -e .kennel_roles/dog2 ] && [ -d .kennel_roles/dog ] || fail "dog, dog2"
with dog requirements.yml <<-END
	- {name: the.base, src: 'git+file://@REPOS@/base.git', version: v2}
END
requirements pupfile.yml <<-END
	- { name: pup, location: "git+@REPOS@/pup.git" }
	- { name: dog2, location: "git+@REPOS@/dog.git" }
END
in_kennel 1
expect "$T/err" "role 'the\.base' is wanted twice: v. by requirements\.yml:"
[ ! -s pip.log ] || fail "pip although a role is missing"
requirements more <<-END
	- { name: the.base, location: "git+@REPOS@/base.git,v2" }
END
cat more >>pupfile.yml
in_kennel 0
grep -q 'base v2' .kennel_roles/the.base/tasks/main.yml || fail "not v2"

# No Python at all.
mkdir empty
expect_status 1 env PATH="$T/empty" "$KELPIE" install
expect "$T/err" "there is no 'python3' on PATH"
