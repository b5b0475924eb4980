#!/bin/sh
# Nothing in the cache is believed: what is damaged there is fetched again,
# and the cache is whole after it.
. "$(dirname "$0")/../cmd/lib.sh"
make_role one v1 v2
serve
requirements <<EOT
- {src: git+@URL@/one.git, version: v1}
EOT
requirements ids.yml <<EOT
- {src: git+@URL@/one.git, version: $(commit_of one v1)}
EOT
kelpie 0 install -p roles
pack=$(find home/.cache -name "$(commit_of one v1).pack")
[ -s "$pack" ] || fail 'nothing was kept'
cp "$pack" good
try()
{
	cp good whole
	for file in requirements.yml ids.yml; do
		cp damaged "$pack"
		rm -rf roles
		: >"$LOG"
		kelpie 0 install -v -p roles -r "$file"
		version_is roles one v1
		no_litter roles
		[ "$(grep -c ' fetch ' "$LOG")" -eq 1 ] ||
		    fail "$1, $file: not fetched again"
		: >"$LOG"
		rm -rf roles
		kelpie 0 install -p roles -r "$file"
		version_is roles one v1
		! grep -q ' fetch ' "$LOG" || fail "$1, $file: not healed"
	done
	# Offline that is all there is.
	cp damaged "$pack"
	rm -rf roles
	kelpie 1 install -p roles --offline
	[ ! -e roles/one ] || fail "$1: a role came out of it"
	cp good "$pack"
}
head -c 100 good >damaged
try 'cut off'
: >damaged
try empty
{ head -c 60 good; printf 'XXXX'; tail -c +65 good; } >damaged
try 'bytes changed'
# A good pack, but of another commit.
kelpie 0 install -p other "git+$URL/one.git,v2"
cp "$(find home/.cache -name "$(commit_of one v2).pack")" damaged
try 'another commit'
# A ref that is torn is none.
rm -rf roles
for ref in home/.cache/kelpie/v1/*/ref-*; do
	echo v1 >"$ref"
done
kelpie 0 install -p roles
version_is roles one v1
