#!/bin/sh
# One role of several in an archive, by its path; archives on the command
# line.
. "$(dirname "$0")/lib.sh"
for role in a b; do
	mkdir -p "top/roles/$role/meta" "top/roles/$role/tasks"
	echo '{}' >"top/roles/$role/meta/main.yml"
	echo "- debug: {msg: $role}" >"top/roles/$role/tasks/main.yml"
done
mkdir top/roles/none
ln -s ../../b/tasks/main.yml top/roles/a/tasks/b.yml
echo read >top/README
tar czf many.tar.gz top
(cd top && tar cf ../flat.tar .)

kelpie 1 install -p roles ./many.tar.gz
expect err "more than one role.*'roles/a' and 'roles/b'.*path: roles/a"
cat >r.yml <<END
- {src: ./many.tar.gz, path: roles/b}
- {src: ./flat.tar, path: ./roles/b/, name: flat}
- {src: ./many.tar.gz, path: top/roles/b, name: whole}
END
kelpie 0 install -r r.yml -p roles
for role in b flat whole; do
	cmp top/roles/b/tasks/main.yml "roles/$role/tasks/main.yml"
	[ ! -e "roles/$role/README" ] || fail 'more than the role'
done
kelpie 0 install -r r.yml -p roles
expect_nothing_to_do 3

# A link is judged from the role's own root.
echo '- {src: ./many.tar.gz, path: roles/a}' >r.yml
kelpie 1 install -r r.yml -p roles
expect err "link 'tasks/b.yml'"
for path in roles/c README meta roles/none; do
	echo "- {src: ./many.tar.gz, path: $path, name: x}" >r.yml
	kelpie 1 install -r r.yml -p roles
	expect err "^x: FAILED: .*(no directory '$path'|no meta/main.yml)"
done

# Names on the command line.
(cd top/roles/b && tar czf "$T/b-1.tar.gz" .)
cp b-1.tar.gz no-suffix
kelpie 0 install -p names "$T/b-1.tar.gz" ./no-suffix "file://$T/b-1.tar.gz,,url"
for role in b-1 no-suffix url; do
	cmp top/roles/b/tasks/main.yml "names/$role/tasks/main.yml"
done
# A checksum counts for a file, too.
sum=$(sha256sum b-1.tar.gz | cut -d' ' -f1)
echo "- {src: ./b-1.tar.gz, checksum: 'sha256:$sum'}" >r.yml
kelpie 0 install -r r.yml -p sums
echo >>b-1.tar.gz
kelpie 1 install -r r.yml -p sums -f
expect err "instead of $sum"
no_litter roles
