#!/bin/sh
# meta/.galaxy_install_info is what ansible-galaxy writes, byte for byte.
. "$(dirname "$0")/lib.sh"
for role in plain number none string; do
	make_role $role v1 1.10
done
requirements <<EOT
- {src: git+file://@REPOS@/plain.git, version: v1}
- {src: git+file://@REPOS@/number.git, version: 1.10}
- {src: git+file://@REPOS@/none.git}
- git+file://@REPOS@/string.git
EOT
kelpie 0 install -p roles
for role in plain number none string; do
	sed 's/^install_date: .*/install_date: DATE/' roles/$role/meta/.galaxy_install_info
	grep -qE '^install_date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 123][0-9] [0-9:]{8} 20[0-9][0-9]$' \
	    roles/$role/meta/.galaxy_install_info || fail "date of $role"
done >infos
expect_out infos <<'EOT'
install_date: DATE
version: v1
install_date: DATE
version: '1.10'
install_date: DATE
version: ''
install_date: DATE
version: null
EOT
