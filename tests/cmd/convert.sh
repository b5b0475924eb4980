#!/bin/sh
# kelpie convert: a requirements file that asks for the roles of a pupfile, in
# its order and quoted where YAML would see more than text; nothing that is
# there is replaced unasked.
. "$(dirname "$0")/lib.sh"
make_role one v1 1.10
make_role two v1
mkdir -p kennel/elsewhere
cd kennel || exit
cat >pupfile.yml <<-'END'
	# These come first.
	- { name: sheep.base, location: fs+../../pups/base }
	- { name: sheep.git, location: "git+https://git.example.org/r.git,v1" }
	- { name: galaxy, location: "galaxy+me.role,2.0" }
	- name: 'yes'
	  location: git+ssh://git@git.example.org:22/~me/r#1.git,1.10
	- { name: "caf\u00e9; $(touch PWNED)", location: fs+~/x }
END
kelpie 0 convert
expect_out <<-'END'
	requirements.yml: 5 roles of pupfile.yml
END
cat >"$T/want" <<-'END'
	---
	roles:
	  - name: sheep.base
	    src: fs+../../pups/base
	  - name: sheep.git
	    src: https://git.example.org/r.git
	    scm: git
	    version: v1
	  - name: galaxy
	    src: me.role
	    version: "2.0"
	  - name: "yes"
	    src: "ssh://git@git.example.org:22/~me/r#1.git"
	    scm: git
	    version: "1.10"
	  - name: "café; $(touch PWNED)"
	    src: fs+~/x
END
diff -u "$T/want" requirements.yml || fail "another file"
[ "$(stat -c %a requirements.yml)" = 644 ] || fail "mode"

# It is not replaced unasked, nor left half.
echo mine >requirements.yml
kelpie 1 convert
expect "$T/err" "'requirements\.yml' is there already; -f replaces it"
grep -qx mine requirements.yml || fail "replaced"
kelpie 0 convert -f
diff -u "$T/want" requirements.yml || fail "another file"
kelpie 0 convert -o -
expect_out <"$T/want"

# For a file elsewhere paths become absolute.
kelpie 0 convert -o elsewhere/r.yml pupfile.yml
sed -e "s|fs+../../pups|fs+$(dirname "$T")/pups|" -e "s|fs+~|fs+$HOME|" \
    "$T/want" |
    diff -u - elsewhere/r.yml || fail "another file"
(cd elsewhere && kelpie 0 convert -o same.yml ../pupfile.yml)
diff -u elsewhere/r.yml elsewhere/same.yml || fail "another file"

# kennel.cfg names the pupfile; faults of that are told, and nothing written.
printf '[kennel]\npupfile_path = p.yml\n' >kennel.cfg
kelpie 1 convert -o none.yml
expect "$T/err" '^kelpie: p\.yml: No such file'
cat >p.yml <<-END
	- {name: a, location: nowhere}
	- {name: ../b, location: fs+x}
END
kelpie 1 convert -o none.yml
expect "$T/err" '^kelpie: p\.yml:1:23: ' '^kelpie: p\.yml:2:10: '
[ ! -e none.yml ] || fail "written"
echo '[]' >p.yml
kelpie 0 convert -o none.yml
kelpie 0 install -r none.yml -p roles
kelpie 1 convert -o no/such/dir.yml
expect "$T/err" '^kelpie: no/such/dir\.yml: No such file'
kelpie 2 convert a b
[ ! -e PWNED ] || fail "a shell has seen a name"

# What is converted installs the same.
requirements p.yml <<-END
	- { name: me.one, location: "git+@REPOS@/one.git,1.10" }
	- { name: two, location: "git+file://@REPOS@/two.git" }
	- { name: three, location: "git+../../repos/two.git,v1" }
END
sed -i 's|\.\./\.\./repos|../repos|' p.yml
kelpie 0 convert -f
kelpie 0 install
kelpie 0 install -r requirements.yml -p roles
for role in me.one two three; do
	diff -r "roles/$role/tasks" ".kennel_roles/$role/tasks" ||
	    fail "$role is another"
done
kelpie 0 install -r requirements.yml -p .kennel_roles
expect_nothing_to_do 3
