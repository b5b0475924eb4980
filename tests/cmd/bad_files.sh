#!/bin/sh
# A requirements file that is none: one clear error, status 1, nothing done.
# labels: core
. "$(dirname "$0")/lib.sh"
# refused FILE [PATTERN...]
refused()
{
	file=$1
	shift
	start=$(date +%s)
	kelpie 1 install -r "$file" -p roles
	[ $(($(date +%s) - start)) -lt 15 ] || fail "$file took long"
	expect err "${file%.*}" "$@"
	[ "$(wc -l <err)" -le 2 ] || fail "$file: more than one error"
	expect_plain err
	[ "$(wc -c <err)" -lt 1000 ] || fail "$file: a long error"
	[ ! -e roles ] || fail "$file: something was made"
}
refused nosuch.yml 'No such file'
mkdir dir.yml
refused dir.yml
if [ "$(id -u)" -ne 0 ]; then
	: >secret.yml
	chmod 0 secret.yml
	refused secret.yml 'Permission denied'
fi
: >empty.yml
refused empty.yml 'empty|nothing|no '
echo '# only a comment' >comment.yml
refused comment.yml
head -c 5000 /dev/urandom >binary.yml
refused binary.yml
printf 'a\0b\n' >nul.yml
refused nul.yml
head -c 10485760 /dev/zero | tr '\0' 'x' >big.yml
refused big.yml 'larger|large|big'
{ head -c 200000 /dev/zero | tr '\0' '['; } >deep.yml
refused deep.yml 'deep|nest'
{ for _ in $(seq 20000); do printf -- '- '; done; } >dashes.yml
refused dashes.yml
{
	echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
	for pair in ab bc cd de ef fg gh hi ij jk; do
		from=${pair%?} to=${pair#?}
		echo "$to: &$to [*$from,*$from,*$from,*$from,*$from,*$from,*$from,*$from,*$from,*$from]"
	done
	echo 'roles: *k'
} >bomb.yml
refused bomb.yml
echo 'roles: &a [*a]' >self.yml
refused self.yml
printf -- '- a\n- b: [\n' >open.yml
refused open.yml 'open\.yml:[0-9]+:[0-9]+: '
printf -- '\t- a\n' >tab.yml
refused tab.yml 'tab\.yml:1:[0-9]+: '
printf -- '- a\n---\n- b\n' >two.yml
refused two.yml 'two\.yml:[0-9]+:[0-9]+: '
echo 'just words' >scalar.yml
refused scalar.yml
echo 'roles: words' >roles.yml
refused roles.yml
printf '\377\376x' >bytes.yml
refused bytes.yml
kelpie 0 install --help
