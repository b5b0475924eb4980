#!/bin/sh
# Playbooks that use roles in each way run to their end while kelpie replaces
# these roles again and again.
# labels: rounds slow timeout=900
. "$(dirname "$0")/../cmd/lib.sh"
[ "$KELPIE_PORTABLE" != 1 ] || skip 'not without renameat2(2)'
need ansible-playbook
names='alpha beta gamma'
for name in $names; do
	make_role "$name" v1 v2
	git clone -q "repos/$name.git" work
	for v in v1 v2; do
		git -C work checkout -q $v
		mkdir -p work/defaults work/templates work/handlers work/vars
		echo "said: $v" >work/defaults/main.yml
		echo "other: $v" >work/vars/main.yml
		echo "{{ said }} {{ other }}" >work/templates/t.j2
		echo "- {name: handled, debug: {msg: $v}}" >work/handlers/main.yml
		echo "- debug: {msg: \"{{ lookup('template', 't.j2') }} {{ lookup('file', 'run.sh') }}\"}" >work/tasks/more.yml
		for _ in 1 2 3 4; do
			echo '- include_tasks: more.yml'
		done >>work/tasks/main.yml
		git -C work add .
		git -C work commit -qm more
		git -C work tag -f $v >/dev/null
		git -C work push -qf origin $v
		echo "- {src: git+file://$REPOS/$name.git, version: $v}" >>$v.yml
	done
	rm -rf work
done
cat >site.yml <<EOT
- hosts: localhost
  connection: local
  gather_facts: false
  roles: [alpha, {role: beta}]
  tasks:
    - import_role: {name: gamma}
    - include_role: {name: "{{ item }}"}
      loop: [alpha, beta, gamma]
    - include_role: {name: gamma, tasks_from: more}
EOT
printf '[defaults]\nroles_path = roles\n' >ansible.cfg
kelpie 0 install -r v1.yml
cat >swap.sh <<EOT
n=0
while [ ! -e stop ]; do
	for v in v2 v1; do
		"$KELPIE" install -r \$v.yml >swap.log 2>&1 || exit 1
		n=\$((n + 3))
	done
done
echo \$n >swaps
EOT
background sh swap.sh
swapper=$pid
books=$((KELPIE_ROUNDS < 24 ? (KELPIE_ROUNDS + 1) / 2 : 12))
for _ in $(seq $books); do
	expect_status 0 ansible-playbook site.yml
	expect out 'failed=0' '"msg": "alpha v[12]"'
done
touch stop
wait "$swapper" || fail "kelpie failed: $(cat swap.log)"
echo "$books playbooks, $(cat swaps) replaced"
[ "$(cat swaps)" -gt 20 ] || fail 'hardly anything was replaced meanwhile'
