#!/bin/sh
# Archives of every form are roles: what is in them decides, not their names.
# labels: core
. "$(dirname "$0")/lib.sh"
export XDG_CACHE_HOME="$T/cache"
taken=$(python3 "$KELPIE_TOP/tests/hostile/archives.py" "$T/a" taken)
n=0
for archive in $taken; do
	echo "- {src: ./a/$archive, name: $archive}"
	n=$((n + 1))
done >r.yml
# Nothing in the current directory matters to what lies in an archive.
mkdir p
ln -s /etc p/tasks
kelpie 0 install -r r.yml -p roles -v
expect out "^$n installed"
for archive in $taken; do
	[ -f "roles/$archive/meta/.galaxy_install_info" ] || fail "$archive"
	[ -f "roles/$archive/tasks/main.yml" ] || fail "$archive: no tasks"
	[ "$(cat "roles/$archive/tasks/main.yml")" = '[]' ] || fail "$archive: tasks"
done
bad=$(find roles -path '*/.kelpie' -prune -o -perm /7022 ! -type l -print)
[ -z "$bad" ] || fail "modes: $bad"
bad=$(find roles -path '*/.kelpie' -prune -o ! -type f ! -type d ! -type l -print)
[ -z "$bad" ] || fail "types: $bad"
no_litter roles

# holds ROLE WORDS: just these, in this order.
holds()
{
	got=$(cd "roles/$1" && find . ! -name .galaxy_install_info -printf '%P\n' |
	    LC_ALL=C sort | tr '\n' ' ')
	[ "$got" = " $2 " ] || fail "$1 holds $got"
}
base='meta meta/main.yml tasks tasks/main.yml'
holds T01-no-prefix "$base"
holds T03-deep "$base"
expect err "T03-deep: 'a/b/c' is the role; left out beside it: 2"
holds T11-others "again empty files files/in hard $base"
cmp roles/T11-others/hard roles/T11-others/tasks/main.yml
cmp roles/T11-others/again roles/T11-others/tasks/main.yml
[ "$(cat roles/T11-others/files/in)" = 'from outside' ] || fail 'a hard link'
[ -x roles/T11-others/files/in ] || fail 'mode of a hard link'
expect err "'fifo': no file" "'null': no file" "'sda': no file"
[ "$(readlink roles/T12-links/files/up)" = ../tasks ] || fail 'a link'
[ "$(readlink roles/T12-links/x)" = y ] || fail 'a link to a link'
holds T16-absolute "$base"
holds T16-all-absolute "$base"
# shellcheck disable=SC2016 # that is its name
for name in '~x' '$HOME' 'with a blank' -rf 'ümläut' 'semi;colon' 'a*b?' \
    "'quoted\""; do
	[ "$(cat "roles/T17-names/files/$name")" = "$name" ] || fail "$name"
done
[ -f roles/T17-pax-name/ü ] || fail 'a name of UTF-8'
cat "roles/T17-pax-forms/$(printf '\303\251')" \
    "roles/T17-pax-forms/$(printf 'e\314\201')" \
    "roles/T17-pax-forms/$(printf '\377\376')" >forms
printf 'one\ntwo\nthree\n' | cmp - forms || fail 'a name is another'
[ -x roles/T18-modes/setuid ] || fail 'x of setuid'
[ ! -x roles/T18-modes/nothing ] || fail 'x of nothing'
[ "$(stat -c %a roles/T18-modes/closed)" = 755 ] || fail 'a closed directory'
[ ! -x roles/T21-twice/tasks/main.yml ] || fail 'the first of two'
for role in T22-info T22-info-link; do
	expect "roles/$role/meta/.galaxy_install_info" '^install_date: ' '^version: '
	[ ! -L "roles/$role/meta/.galaxy_install_info" ] || fail "$role"
done
expect_no roles/T22-info-link/meta/main.yml install_date
[ "$(stat -c %s roles/sparse/sparse)" = 3000 ] || fail 'a sparse file'
[ "$(stat -c %s roles/sparse-hole/sparse)" = 3000 ] || fail 'a hole'
[ -x roles/T02-zip.tar.gz/run ] || fail 'x in a zip'
[ "$(readlink roles/T02-zip.tar.gz/ln)" = run ] || fail 'a link in a zip'
