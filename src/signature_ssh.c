/*
 * ssh-keygen(1), with a file of allowed signers.
 */
#include <stdlib.h>
#include <string.h>

#include "kelpie/error.h"
#include "signature_priv.h"

#define PRINCIPALS_MAX 16

/* Who has the key that signed it: a name a line. */
static int
find(const struct trial *t, struct buf *names, struct error *err)
{
	const char *const argv[] = {t->program, "-Y", "find-principals", "-f",
	    KEYS, "-s", SIGNATURE, NULL};
	int status = trial_run(argv, PAYLOAD, names, err);
	char *words;

	if (status == 0 && names->len > 0)
		return 0;
	if (status == -1)
		return -1;
	words = trial_words();
	(void)error_set(err, ERR_REFUSED,
	    "it is signed with a key that is not among those of the signers, "
	    "or not at this time%s%s",
	    words != NULL ? ": " : "", words != NULL ? words : "");
	free(words);
	return -1;
}

/* Its exit status says all; the words name the key. */
static int
verify(struct trial *t, const char *name, struct error *err)
{
	const char *const argv[] = {t->program, "-Y", "verify", "-n", "git",
	    "-I", name, "-f", KEYS, "-s", SIGNATURE, NULL};
	struct buf out = {0};
	int status = trial_run(argv, PAYLOAD, &out, err);
	const char *key = NULL;

	if (status == 0) {
		out.data[strcspn(out.data, "\r\n")] = '\0';
		key = strstr(out.data, " key SHA256:");
		buf_printf(&t->who, "'%s'%s%s", name, key != NULL ? "," : "",
		    key != NULL ? key : "");
	}
	buf_free(&out);
	if (status > 0)
		return error_set(err, ERR_REFUSED,
		    "the signature is not of this content, or not one of "
		    "'%s' for git",
		    name);
	return status;
}

int
trial_ssh(struct trial *t, struct error *err)
{
	static const char begin[] = "-----BEGIN SSH SIGNATURE-----";
	struct buf names = {0};
	char *name, *save = NULL;
	int rc = -1, n = 0;

	if (strncmp(t->found.signature.data, begin, sizeof(begin) - 1) != 0)
		return error_set(err, ERR_REFUSED,
		    "it is signed, but not with ssh, as 'verify: ssh' wants "
		    "it");
	t->program = trial_find("ssh-keygen");
	if (t->program == NULL)
		return error_set(err, ERR_LOCAL,
		    "signatures are looked at by ssh-keygen, which is not "
		    "here: install the package openssh-client");
	if (trial_write(KEYS, &t->keys, err) == -1 ||
	    find(t, &names, err) == -1)
		goto out;
	(void)error_set(err, ERR_REFUSED, "nobody has signed it");
	for (name = strtok_r(names.data, "\n", &save);
	     name != NULL && rc == -1 && n++ < PRINCIPALS_MAX;
	     name = strtok_r(NULL, "\n", &save))
		rc = verify(t, name, err);
out:
	buf_free(&names);
	return rc;
}
