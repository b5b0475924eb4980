#!/bin/sh
# The real pip puts a pup's packages where Python finds them, without any
# network.
# labels: slow
. "$(dirname "$0")/lib.sh"
need python3
python3 -m pip --version >"$T/out" 2>&1 || skip "no pip here"
make_role pup v1
git clone -q "$REPOS/pup.git" work
echo 'kelpie-test-package==1.0' >work/requirements.txt
git -C work add .
git -C work commit -qm more
git -C work push -q origin HEAD:main

# A wheel is an archive with three files about itself.
mkdir wheels
python3 -c '
import zipfile
name = "kelpie_test_package-1.0"
with zipfile.ZipFile("wheels/" + name + "-py3-none-any.whl", "w") as z:
    z.writestr("kelpie_test_package.py", "answer = 42\n")
    z.writestr(name + ".dist-info/METADATA",
        "Metadata-Version: 2.1\nName: kelpie-test-package\nVersion: 1.0\n")
    z.writestr(name + ".dist-info/WHEEL",
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n")
    z.writestr(name + ".dist-info/RECORD", "")
'
echo "- {name: pup, location: \"git+$REPOS/pup.git\"}" >pupfile.yml
PIP_NO_INDEX=1 PIP_TARGET=$T/site PIP_CONFIG_FILE=/dev/null
PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
export PIP_NO_INDEX PIP_TARGET PIP_CONFIG_FILE PIP_NO_CACHE_DIR
export PIP_ROOT_USER_ACTION
kelpie 1 install
expect "$T/err" 'No matching distribution found for kelpie-test-package' \
    'pup: .*/requirements\.txt: pip ended with exit status 1'
PIP_FIND_LINKS=$T/wheels
export PIP_FIND_LINKS
kelpie 0 install
PYTHONPATH=$T/site python3 -c '
import kelpie_test_package
assert kelpie_test_package.answer == 42'
