#!/bin/sh
# Ctrl-C while kelpie install --from unpacks a tar: it ends at once, with
# nothing installed and nothing left behind.
. "$(dirname "$0")/lib.sh"
need python3
# Two gigabytes that take seconds, and no room until they are unpacked.
python3 - <<-'EOT'
	import tarfile
	info = tarfile.TarInfo("%064d.archive" % 1)
	info.size = 2 << 30
	with open("large.tar", "wb") as f:
	    f.write(info.tobuf(tarfile.USTAR_FORMAT))
	    f.truncate(512 + info.size + 1024)
EOT
# It is stopped in the midst of it, and is to be ended all the same.
unpacks()
{
	[ -n "$(ls tmp/kelpie-tmp-*)" ] && unpacker=$(children "$kelpie_pid") &&
	    [ -n "$unpacker" ] && kill -STOP "$unpacker"
}
for signal in INT TERM; do
	start_kelpie install --from large.tar -p roles
	wait_for 'a process that unpacks' unpacks
	at_exit "kill -KILL $unpacker 2>/dev/null"
	kill -$signal "$kelpie_pid"
	wait_for 'its end' ended "$kelpie_pid"
	ended_killed "$([ $signal = INT ] && echo Interrupt || echo Terminated)"
	! alive "$unpacker" || fail 'it goes on'
	[ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"
	[ ! -e roles ] || fail 'it was installed'
done
