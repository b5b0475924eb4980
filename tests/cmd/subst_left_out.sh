#!/bin/sh
# Placeholders that need refs or history are left empty, and -v says so.
. "$(dirname "$0")/lib.sh"
make_role one v1
git clone -q repos/one.git work
printf 'version export-subst\n' >work/.gitattributes
# shellcheck disable=SC2016 # git's placeholders
printf '[$Format:%%d$][$Format:%%D$][$Format:%%(describe)$][$Format:%%H$]\n' >work/version
git -C work add .
git -C work commit -qm x
git -C work tag v3
git -C work push -q origin HEAD:main v3
kelpie 0 install -v -p roles "git+file://$REPOS/one.git,v3"
printf '[][][][%s]\n' "$(commit_of one v3)" | diff -u - roles/one/version || fail version
cat out err >all
expect all 'one: .*(export-subst|placeholder|[$]Format)'
