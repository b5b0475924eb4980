# shellcheck shell=sh
# signed_lib.sh - keys of the test's own, and repositories signed with them.
# Sourced after lib.sh.

# gpg_home NAME: a key of NAME in $T/NAME, its public half in $T/NAME.gpg.
gpg_home()
{
	need gpg
	mkdir -m 700 "$T/$1"
	gpg --homedir "$T/$1" --batch --quiet --passphrase '' \
	    --quick-gen-key "$1 <$1@example.org>" ed25519 sign "${2:-never}" \
	    2>"$T/gpg.err" || fail "no key: $(cat "$T/gpg.err")"
	at_exit "gpgconf --homedir '$T/$1' --kill all"
	gpg --homedir "$T/$1" --export >"$T/$1.gpg"
}

# ssh_key NAME: $T/NAME.key, and its line of an allowed-signers file.
ssh_key()
{
	need ssh-keygen
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$T/$1.key"
	printf '%s@example.org namespaces="git" %s\n' "$1" \
	    "$(cat "$T/$1.key.pub")" >"$T/$1.allowed"
}

# as NAME gpg|ssh GIT-ARGUMENT...: git in $REPOS/$ROLE.git, which signs as
# NAME.
as()
{
	who=$1 how=$2
	shift 2
	if [ "$how" = gpg ]; then
		GNUPGHOME=$T/$who git -C "$REPOS/$ROLE.git" \
		    -c user.signingkey="$who@example.org" "$@"
	else
		git -C "$REPOS/$ROLE.git" -c gpg.format=ssh \
		    -c user.signingkey="$T/$who.key" "$@"
	fi
}

# signed_commit NAME gpg|ssh BRANCH: one more commit of the branch's tree.
signed_commit()
{
	tree=$(git -C "$REPOS/$ROLE.git" rev-parse "$3^{tree}")
	new=$(echo signed | as "$1" "$2" commit-tree -S -p "$3" "$tree")
	git -C "$REPOS/$ROLE.git" update-ref "refs/heads/$3" "$new"
}

# signed FILE VERSION HOW SIGNERS: a requirements file for one role.
signed()
{
	printf -- '- {src: "git+%s/%s.git", version: "%s", verify: %s, signers: %s}\n' \
	    "${SOURCE:-$URL}" "$ROLE" "$2" "$3" "$4" >"$1"
}
