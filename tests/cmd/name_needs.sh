#!/bin/sh
# Called ansible-galaxy: what roles depend on is told behind them.
. "$(dirname "$0")/lib.sh"
. "$here/name_lib.sh"
make_role one v1
make_role two v1
git clone -q "$REPOS/one.git" top 2>/dev/null
cat >top/meta/main.yml <<EOT
dependencies:
- {src: git+file://$REPOS/one.git, version: v1}
- {src: git+file://$REPOS/two.git, name: deux}
- {src: git+file://$REPOS/last.git}
EOT
git -C top commit -qam top
git clone -q --bare top "$REPOS/top.git" 2>/dev/null
git clone -q --bare "$REPOS/two.git" "$REPOS/last.git" 2>/dev/null
requirements <<EOT
- {src: git+file://@REPOS@/top.git}
- {src: git+file://@REPOS@/last.git}
EOT
kelpie 0 install -p roles "git+file://$REPOS/one.git,v1"
galaxy 0 role install -r requirements.yml -p roles
expect_out <<EOT
Starting galaxy role install process
- extracting top to $T/roles/top
- top was installed successfully
- dependency one is already installed, skipping.
- adding dependency: deux
- dependency last already pending installation.
- extracting last to $T/roles/last
- last was installed successfully
- extracting deux to $T/roles/deux
- deux was installed successfully
EOT
galaxy 0 role install -n -r requirements.yml -p alone
[ ! -e alone/deux ] || fail 'a dependency in spite of -n'
expect_no out dependency
