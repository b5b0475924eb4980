/*
 * gpgv(1), which knows one keyring and no trust; gpg(1) where it is missing.
 */
#include <stdlib.h>
#include <string.h>

#include "kelpie/error.h"
#include "signature_priv.h"

/* ---- what it says ---- */

enum word {
	GOODSIG,
	VALIDSIG,
	BADSIG,
	EXPSIG,
	EXPKEYSIG,
	REVKEYSIG,
	ERRSIG,
	NO_PUBKEY,
	WORDS
};

/* The signatures that are told of, and what is behind the last of each. */
struct told {
	unsigned n[WORDS];
	char *rest[WORDS];
};

static void
take_line(struct told *t, char *line)
{
	static const char *const word[WORDS] = {"GOODSIG", "VALIDSIG", "BADSIG",
	    "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG", "NO_PUBKEY"};
	static const char mark[] = "[GNUPG:] ";
	size_t len;

	if (strncmp(line, mark, sizeof(mark) - 1) != 0)
		return;
	line += sizeof(mark) - 1;
	len = strcspn(line, " ");
	for (size_t i = 0; i < WORDS; i++) {
		if (len != strlen(word[i]) || memcmp(line, word[i], len) != 0)
			continue;
		t->n[i]++;
		t->rest[i] = line + len + (line[len] == ' ');
	}
}

/* The last word of VALIDSIG: whose key, whichever of its subkeys it was. */
static const char *
primary(const char *rest)
{
	const char *blank = strrchr(rest, ' ');

	return blank != NULL ? blank + 1 : rest;
}

static int
judge(const struct told *t, int status, struct buf *who, struct error *err)
{
	unsigned n = t->n[GOODSIG] + t->n[BADSIG] + t->n[EXPSIG] +
	    t->n[EXPKEYSIG] + t->n[REVKEYSIG] + t->n[ERRSIG];
	const char *rest;

	if (n > 1)
		return error_set(err, ERR_REFUSED, "it has two signatures");
	if (t->n[BADSIG] == 1)
		return error_set(err, ERR_REFUSED,
		    "the signature is not of this content (key %s)",
		    t->rest[BADSIG]);
	if (t->n[EXPSIG] == 1)
		return error_set(err, ERR_REFUSED,
		    "the signature has expired (key %s)", t->rest[EXPSIG]);
	if (t->n[EXPKEYSIG] == 1)
		return error_set(err, ERR_REFUSED,
		    "it is signed with a key that has expired (%s)",
		    t->rest[EXPKEYSIG]);
	if (t->n[REVKEYSIG] == 1)
		return error_set(err, ERR_REFUSED,
		    "it is signed with a key that was revoked (%s)",
		    t->rest[REVKEYSIG]);
	if (t->n[ERRSIG] == 1 && t->n[NO_PUBKEY] > 0)
		return error_set(err, ERR_REFUSED,
		    "it is signed with key %s, which is not among those of the "
		    "signers",
		    t->rest[NO_PUBKEY]);
	if (t->n[GOODSIG] != 1 || t->n[VALIDSIG] != 1 || status != 0)
		return error_set(err, ERR_REFUSED,
		    "the signature cannot be checked");
	rest = t->rest[GOODSIG];
	buf_printf(who, "'%s', key %s", rest + strcspn(rest, " ") + 1,
	    primary(t->rest[VALIDSIG]));
	return 0;
}

int
gpg_status(const char *lines, int status, struct buf *who, struct error *err)
{
	char *copy = xstrdup(lines), *line, *save = NULL;
	struct told t = {.n = {0}};
	int rc;

	for (line = strtok_r(copy, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		take_line(&t, line);
	if (t.n[GOODSIG] > 0 && strchr(t.rest[GOODSIG], ' ') == NULL)
		t.n[GOODSIG] = 0;
	rc = judge(&t, status, who, err);
	free(copy);
	return rc;
}

/* ---- asking it ---- */

/* A keyring as gpgv takes it. */
static int
write_keys(struct trial *t, struct error *err)
{
	static const char armor[] = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
	struct buf *keys = &t->keys, packets = {0};
	bool armored =
	    memmem(keys->data, keys->len, armor, sizeof(armor) - 1) != NULL;
	bool box = keys->len > 12 && memcmp(keys->data + 8, "KBXf", 4) == 0;
	int rc;

	/* The first byte of a packet has its highest bit set. */
	if ((armored && armor_read(&packets, keys->data, keys->len) == -1) ||
	    (!armored && !box && ((unsigned char)keys->data[0] & 0x80) == 0))
		rc = error_set(err, ERR_CONFIG,
		    "signers '%s' is no keyring: OpenPGP keys are wanted, as "
		    "gpg --export writes them",
		    t->job->signers);
	else
		rc = trial_write(KEYS, armored ? &packets : keys, err);
	buf_free(&packets);
	return rc;
}

static int
ask(const struct trial *t, bool gpgv, struct buf *out, struct error *err)
{
	const char *const with_gpgv[] = {t->program, "--homedir", ".",
	    "--status-fd", "1", "--keyring", KEYS, SIGNATURE, PAYLOAD, NULL};
	const char *const with_gpg[] = {t->program, "--homedir", ".", "--batch",
	    "--no-tty", "--no-options", "--no-autostart",
	    "--no-auto-key-retrieve", "--trust-model", "always",
	    "--no-default-keyring", "--keyring", KEYS, "--status-fd", "1",
	    "--verify", SIGNATURE, PAYLOAD, NULL};

	return trial_run(gpgv ? with_gpgv : with_gpg, PAYLOAD, out, err);
}

int
trial_gpg(struct trial *t, struct error *err)
{
	static const char begin[] = "-----BEGIN PGP SIGNATURE-----";
	struct buf out = {0};
	bool gpgv = true;
	int status, rc = -1;

	if (strncmp(t->found.signature.data, begin, sizeof(begin) - 1) != 0)
		return error_set(err, ERR_REFUSED,
		    "it is signed, but not with OpenPGP, as 'verify: gpg' "
		    "wants it");
	t->program = trial_find("gpgv");
	if (t->program == NULL) {
		gpgv = false;
		t->program = trial_find("gpg");
	}
	if (t->program == NULL)
		return error_set(err, ERR_LOCAL,
		    "signatures are looked at by gpgv or gpg, and neither is "
		    "here: install the package gpgv");
	if (write_keys(t, err) == -1)
		return -1;
	status = ask(t, gpgv, &out, err);
	if (status != -1)
		rc = gpg_status(out.data, status, &t->who, err);
	buf_free(&out);
	return rc;
}
