#!/bin/sh
# Each way in which a rename or a sync can fail (P27, H141): there is another
# way, or a clear word and the old role.  Without an exchange, ended at any
# call, the next run puts right what is missing.
# labels: timeout=300
. "$(dirname "$0")/../cmd/lib.sh"
need strace
strace -o /dev/null true 2>/dev/null || skip 'strace may not trace here'
[ -z "$KELPIE_SANITIZE" ] || skip 'the sanitizers do not like to be traced'
make_role one v1 v2
make_role two v1 v2
for v in v1 v2; do
	requirements $v.yml <<-END
		- {src: git+file://@REPOS@/one.git, version: $v}
		- {src: git+file://@REPOS@/two.git, name: deep/er/two, version: $v}
	END
done
# traced STATUS INJECTIONS COMMAND...: of the parent alone.
traced()
{
	want=$1 inject=$2
	shift 2
	set -- "$KELPIE" "$@"
	for i in $inject; do
		set -- -e "inject=$i" "$@"
	done
	expect_status "$want" strace -o trace \
	    -e trace=rename,renameat,renameat2,unlink,unlinkat,mkdirat,fsync,syncfs,sync "$@"
}
# is VERSION: both are.
is()
{
	version_is roles one "$1"
	grep -qx "  debug: {msg: two $1}" roles/deep/er/two/tasks/main.yml ||
	    fail "two is not $1"
}
tidy()
{
	no_litter roles
	[ -z "$(find roles -name '*kelpie-*')" ] || fail "$(find roles -name '*kelpie-*')"
}
# fresh VERSION: nothing but that.
kelpie 0 install -r v1.yml -p kept1
kelpie 0 install -r v2.yml -p kept2
fresh()
{
	rm -rf roles
	cp -a "kept${1#v}" roles
}

# No renameat2(2), or none of its flags.
if [ "$KELPIE_PORTABLE" != 1 ]; then
	for error in EINVAL ENOSYS; do
		rm -rf roles
		traced 0 "renameat2:error=$error" install -r v1.yml -p roles
		is v1
		traced 0 "renameat2:error=$error" install -r v2.yml -p roles
		grep -q INJECTED trace || fail 'no renameat2(2) at all'
		[ ! -s err ] || fail 'it warns'
		is v2
		tidy
	done
fi
# The old role cannot be moved: it is taken apart.
fresh v1
moves=renameat2:error=EXDEV
[ "$KELPIE_PORTABLE" != 1 ] || moves='/^rename(at)?$:error=EXDEV:when=1'
traced 0 "$moves" install -r v2.yml -p roles
expect err 'warning: .*lower layer of an overlay'
is v2
tidy
# Nothing can be done: the old ones stay.
while read -r error word; do
	fresh v1
	traced 1 "/^rename(at2?)?$:error=$error" install -r v2.yml -p roles
	expect err "^one: FAILED: .*$word" "^deep/er/two: FAILED: .*$word"
	expect_no out updated
	is v1
	[ "$error" = EIO ] || continue
	rm -rf roles
	traced 1 "/^rename(at2?)?$:error=$error" install -r v1.yml -p roles
	expect_no out installed
	[ ! -e roles/one ] || fail 'it is there'
	kelpie 0 install -r v1.yml -p roles
	is v1
	tidy
done <<EOF2
EPERM immutable
EBUSY mount.point|busy
EIO Input/output.error
ENOSPC No.space
EXDEV another.file.system|Invalid.cross
EOF2

# A sync that fails: no word that it is installed, and the old role unless
# the new one was on the disk by then.
syncs=0
for call in '/^sync(fs)?$' fsync; do
	for error in EIO ENOSPC; do
		[ "$error$call" != ENOSPCfsync ] || [ "$KELPIE_ROUNDS" -ge 20 ] || continue
		n=1 every=2
		[ "$call" = fsync ] && [ "$KELPIE_ROUNDS" -lt 20 ] || n=0 every=1
		while n=$((n + every)); do
			fresh v1
			status=0
			strace -o trace -e trace=fsync,syncfs,sync -e inject="$call:error=$error:when=$n" \
			    "$KELPIE" install -r v2.yml -p roles >out 2>err || status=$?
			grep -q INJECTED trace || break
			# sync(2) tells nothing.
			! grep -q '^sync().*INJECTED' trace || break
			syncs=$((syncs + 1))
			[ "$status" -eq 1 ] || fail "status $status with $call $n: $error"
			if grep -q '^syncfs.*INJECTED' trace; then
				expect_no out updated
				is v1
			fi
			kelpie 0 install -r v2.yml -p roles
			is v2
			tidy
		done
	done
done
[ "$syncs" -ge 2 ] || fail "only $syncs syncs failed"

# Two renames, and what comes between them.
first=0 step=7 ends=0 between=0
[ "$KELPIE_ROUNDS" -lt 20 ] || step=1
renames='/^rename(at)?$'
for call in "$renames" unlinkat fsync mkdirat; do
	for effect in signal=KILL error=EIO; do
		first=$((first + 1))
		n=$((first % step))
		[ "$call$effect" != "${renames}signal=KILL" ] || step=1
		while n=$((n + step)); do
			fresh v1
			strace -o trace -e trace=rename,renameat,renameat2,unlinkat,fsync,mkdirat \
			    -e inject="$call:$effect:when=$n" \
			    -e inject=renameat2:error=EINVAL \
			    "$KELPIE" install -r v2.yml -p roles >out 2>err || :
			grep -q "killed by\|^[a-z]*($effect\|EIO.*INJECTED" trace || break
			ends=$((ends + 1))
			for r in one deep/er/two; do
				if [ ! -e roles/$r ]; then
					between=$((between + 1))
					[ -n "$(ls roles/.kelpie/trash)" ] || fail "$r is lost"
				else
					diff -r -x .galaxy_install_info kept1/$r roles/$r >diff1 ||
					    diff -r -x .galaxy_install_info kept2/$r roles/$r ||
					    fail "$r is torn after $call $n"
				fi
			done
			# The next run, even one that has nothing else to do.
			if [ $((n % 2)) -eq 0 ]; then
				"$KELPIE" install -r v1.yml -p roles >out 2>err ||
				    fail "not healed after $call $n"
				is v1
			fi
			kelpie 0 install -r v2.yml -p roles
			is v2
			tidy
		done
		step=7
		[ "$KELPIE_ROUNDS" -lt 20 ] || step=1
	done
done
[ "$between" -gt 0 ] || fail 'never met a role that was away'
echo "$syncs failed syncs, $ends ends, $between roles were away"
