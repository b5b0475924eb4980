# shellcheck shell=sh
# packages.sh - install the Debian packages that are missing, and only those.
# Sourced by tests/run and roles-example/run.

policy=/usr/sbin/policy-rc.d
saved=$policy.before-kelpie

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Print those of the packages that are not installed.
packages_missing()
{
	for package; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
		    grep -qx installed || printf '%s ' "$package"
	done
}

# Run apt-get so that no package starts a daemon: a policy-rc.d says no for
# as long as this takes, then what was there before is there again.
packages_apt()
(
	# One that was saved by a run that was killed is the true one.
	if ! [ -e "$saved" ] && { [ -e "$policy" ] || [ -L "$policy" ]; }; then
		as_root mv "$policy" "$saved"
	fi
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	trap packages_policy_back EXIT
	printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
	as_root chmod 755 "$policy"
	export DEBIAN_FRONTEND=noninteractive
	if ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; then
		as_root apt-get -qq update
	fi
	packages_get "$@" && exit 0
	# Old lists name versions that are gone.
	as_root apt-get -qq update
	packages_get "$@"
)

# shellcheck disable=SC2317 # a trap calls it
packages_policy_back()
{
	as_root rm -f "$policy"
	if [ -e "$saved" ] || [ -L "$saved" ]; then
		as_root mv "$saved" "$policy"
	fi
}

packages_get()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
	    --no-install-recommends install "$@" </dev/null >/dev/null
}

# Install what is missing of the packages.  Ends with a clear word where
# that cannot be done; a system without dpkg is left to its owner.
packages_need()
{
	if ! command -v dpkg-query >/dev/null 2>&1; then
		echo "no dpkg here; needed are Debian's packages: $*" >&2
		return 0
	fi
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		echo "these packages are missing, and neither root nor sudo is" \
		    "here to install them:" >&2
		echo "    apt-get install $missing" >&2
		return 1
	fi
	echo "installing: $missing"
	# shellcheck disable=SC2086 # a list of words
	packages_apt $missing && return 0
	echo "could not install: $missing" >&2
	return 1
}
