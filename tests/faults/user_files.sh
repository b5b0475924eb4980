#!/bin/sh
# The requirements file and the lock file of kelpie update --write, and a tar of
# kelpie download, are the old or the new one at any moment; a signal waits
# until nothing lies beside them, and what a killed one left the next clears
# away.  They stay where links lead, and whose they were.
. "$(dirname "$0")/../cmd/lib.sh"
need strace
strace -o /dev/null true 2>/dev/null || skip 'strace may not trace here'
[ -z "$KELPIE_SANITIZE" ] || skip 'the sanitizers do not like to be traced'
make_role one v1 v2
mkdir real old new
requirements old/requirements.yml <<-'EOT'
	- {src: git+file://@REPOS@/one.git, version: v1}	# one
EOT
sed 's/: v1/: v2/' old/requirements.yml >new/requirements.yml
for v in old new; do
	kelpie 0 install --lock -r $v/requirements.yml -p $v/roles
	kelpie 0 download -r $v/requirements.yml -o $v/roles.tar
done
# Reached by links, the user's own, closed to others, in a directory of theirs.
fresh()
{
	rm -rf roles real
	mkdir real
	cp -a old/roles roles
	for file in requirements.yml requirements.lock roles.tar; do
		cp old/$file real/$file
		chmod 640 real/$file
		[ "$(id -u)" -ne 0 ] || chown 12345:54321 real/$file
		ln -sf real/$file $file
	done
}
# same FILE VERSION...: as one of these.
same()
{
	file=$1
	shift
	for version; do
		! cmp -s real/"$file" "$version/$file" || return 0
	done
	fail "$file is not $*"
}
alone()
{
	[ "$(ls -A real)" = 'requirements.lock
requirements.yml
roles.tar' ] || fail "beside them: $(ls -A real)"
}
# kept: as they were, but for what is in them.
kept()
{
	want=640
	[ "$(id -u)" -ne 0 ] || want='640 12345 54321'
	for file in requirements.yml requirements.lock roles.tar; do
		[ -L $file ] || fail "$file is no link any more"
		case $(stat -c '%a %u %g' real/$file) in
		"$want"*) ;;
		*) fail "$file has $(stat -c '%a %u %g' real/$file)" ;;
		esac
	done
}

# Of another user nobody may take it away.
fresh
kelpie 0 update --write -p roles
same requirements.yml new
same requirements.lock new
kelpie 0 download -o roles.tar
same roles.tar new
kept
alone

# A link to what is not there makes no file: where it leads is not ours to say.
rm real/requirements.lock
kelpie 1 lock
expect err "^kelpie: write '.*requirements.lock': it is a link to what is not"
rm real/roles.tar
cp new/requirements.lock real
kelpie 1 download -o roles.tar
expect err "^kelpie: write '.*roles.tar': it is a link to what is not there"
[ -L requirements.lock ] && [ -L roles.tar ] || fail 'a link was replaced'
[ ! -e real/roles.tar ] || fail 'a file where the link leads'

# traced CALL N SIGNAL COMMAND...: the signal comes at the n-th such call.
traced()
{
	sent=SIG$3 inject=$1:signal=$3:when=$2
	shift 3
	strace -o trace -e "trace=fsync,rename" -e "inject=$inject" \
	    "$KELPIE" "$@" >out 2>err && got=0 || got=$?
	grep -q -e "--- $sent" -e "killed by $sent" trace
}
fired=0
for signal in KILL INT; do
	for call in fsync rename; do
		for n in 1 2 3 4 5; do
			fresh
			traced "$call" "$n" "$signal" update --write -p roles ||
			    break
			fired=$((fired + 1))
			[ "$got" -ne 0 ] || fail "$signal at $call $n: status 0"
			same requirements.yml old new
			same requirements.lock old new
			[ $signal = KILL ] || alone
			kelpie 0 update --write -p roles
			same requirements.yml new
			same requirements.lock new
			kept
			alone
		done
		traced "$call" 1 "$signal" download -r new/requirements.yml \
		    -o roles.tar || fail "no $call of a tar"
		same roles.tar old new
		[ "$got" -ne 0 ] || fail "$signal at $call of a tar: status 0"
		[ $signal = KILL ] || alone
		kelpie 0 download -r new/requirements.yml -o roles.tar
		same roles.tar new
		alone
		# What it had fetched for that is cleared away, too.
		[ -z "$(ls -A tmp)" ] || fail "left: $(ls -A tmp)"
	done
done
[ "$fired" -ge 8 ] || fail "only $fired signals"
