#!/bin/sh
# The wall clock is off, or jumps by a day forwards and backwards all the time,
# and files are from the future or the past: what is installed is right, the
# next run has nothing to do, and time limits are what they are.
. "$(dirname "$0")/../cmd/lib.sh"
[ -z "$KELPIE_SANITIZE" ] || skip 'the sanitizers want to be loaded first'
need "$KELPIE_CC"
for role in one two three; do
	make_role $role v1 v2
done
mkdir top dir
git -C "$REPOS/three.git" archive v1 | tar -xf - -C top
git -C "$REPOS/three.git" archive v2 | tar -xf - -C dir
tar -czf "$REPOS/three.tar.gz" top
serve --mode stall
stall=$URL
serve --delay 50
"$KELPIE_CC" -D_GNU_SOURCE -O1 -fPIC -shared -o shim.so \
    "$KELPIE_TOP/tests/faults/clock_shim.c"
# The tools of this test keep the true time.
set_clock()
{
	printf '#!/bin/sh\nLD_PRELOAD="%s" CLOCK_JUMP="%s" exec "%s" "$@"\n' \
	    "$T/shim.so" "$1" "$true_kelpie" >clocked
	chmod +x clocked
	KELPIE=$T/clocked
}
true_kelpie=$KELPIE
for version in v1 v2; do
	cat >$version.yml <<-EOT
		- {src: 'git+$URL/one.git', version: $version}
		- {src: 'git+file://$REPOS/two.git', version: $version}
		- {src: '$URL/three.tar.gz', name: three}
		- {src: 'fs+$T/dir', name: four}
	EOT
done
all_there()
{
	version_is roles one "$1"
	version_is roles two "$1"
	version_is roles three v1
	no_litter roles
}
for how in 86400 -86400 swing -2000000000 300000000000; do
	rm -rf roles
	set_clock $how
	for version in v1 v2; do
		# A jump is no time that a server was silent.
		kelpie 0 install --timeout 1 --refresh -p roles -r $version.yml
		all_there $version
		kelpie 0 install -p roles -r $version.yml
		expect_nothing_to_do 4
		kelpie 0 list -p roles -r $version.yml
		kelpie 0 info -p roles one
		for role in one two three; do
			python3 -c 'import datetime, sys
line = open(sys.argv[1]).readline().partition(": ")[2].strip().strip("\x27")
datetime.datetime.strptime(line, "%a %b %d %H:%M:%S %Y")' \
			    roles/$role/meta/.galaxy_install_info
		done
	done
	kelpie 0 install -f -p roles -r v1.yml
	all_there v1
	# The true time is a jump, too.
	KELPIE=$true_kelpie
	kelpie 0 install -p roles -r v1.yml
	expect_nothing_to_do 4
	kelpie 0 cache clean --older 2d
	kelpie 0 install -p roles -r v2.yml
	all_there v2
done
set_clock swing
before=$(date +%s)
kelpie 1 install -p none --timeout 1 "git+$stall/one.git,v1"
expect err 'one: FAILED: .*1 second'
[ $(($(date +%s) - before)) -lt 15 ] || fail 'it took too long'
KELPIE=$true_kelpie

for date in 2099-01-01 1970-01-02; do
	find roles roles/.kelpie home dir "$REPOS" -exec touch -h -d $date {} +
	kelpie 0 install -p roles -r v2.yml
	expect_nothing_to_do 4
	kelpie 0 install --refresh -p roles -r v2.yml
	kelpie 0 install -f -p roles -r v1.yml
	all_there v1
	kelpie 0 install -p roles -r v2.yml
	all_there v2
done
