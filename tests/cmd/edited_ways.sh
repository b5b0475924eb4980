#!/bin/sh
# Every way of changing a role counts, but not what a playbook run writes.
. "$(dirname "$0")/lib.sh"
make_role one v1 v2
for version in v1 v2; do
	requirements $version.yml <<-EOT
		- {src: git+file://@REPOS@/one.git, version: $version}
	EOT
done
edit()
{
	rm -rf roles
	kelpie 0 install -r v1.yml -p roles
	(cd roles/one && eval "$1")
}
for change in 'echo x >new' 'rm defaults 2>/dev/null || rm files/run.sh' \
    'chmod 644 files/run.sh' 'ln -s tasks more' \
    'printf x | dd of=meta/main.yml conv=notrunc bs=1 2>/dev/null'; do
	edit "$change"
	kelpie 1 install -r v2.yml -p roles
	expect err '^one: '
	version_is roles one v1
done
for change in 'mkdir -p library/__pycache__ && echo x >library/__pycache__/a.b' \
    'echo x >files/module.pyc' 'touch tasks/main.yml' true; do
	edit "$change"
	kelpie 0 install -r v2.yml -p roles
	version_is roles one v2
done
