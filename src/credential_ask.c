#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/readpassphrase.h>

#include "credential_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "secret.h"

#define ANSWER_MAX 1024

static int
ask(char *answer, const struct place *p, const char *what, int flags,
    struct error *err)
{
	char *prompt = xasprintf("%s for %s://%s: ", what, p->target.protocol,
	    p->target.host);
	bool ok = readpassphrase(prompt, answer, ANSWER_MAX,
		      flags | RPP_REQUIRE_TTY) != NULL;

	free(prompt);
	if (ok)
		return 0;
	if (errno == ENOTTY)
		return error_set(err, ERR_USAGE,
		    "there is no terminal to ask "
		    "for a password on");
	if (errno == EINTR)
		return error_set(err, ERR_CANCELLED, "interrupted");
	return error_errno(err, "read a password");
}

/* No user name means that the host wants none. */
int
credentials_ask(struct credentials *c, const char *url, struct error *err)
{
	struct place *p = place_of(c, url);
	const size_t size = 2 * (size_t)ANSWER_MAX;
	char *user, *password;
	int rc = 0;

	if (p == NULL || p->secret != NULL || p->asked)
		return 0;
	p->asked = true;
	user = secret_new(size);
	password = user + ANSWER_MAX;
	if (p->target.user != NULL && strlen(p->target.user) < ANSWER_MAX)
		memcpy(user, p->target.user, strlen(p->target.user));
	else
		rc = ask(user, p, "user name", RPP_ECHO_ON, err);
	if (rc == 0 && *user != '\0')
		rc = ask(password, p, "password", RPP_ECHO_OFF, err);
	if (rc == 0 && *user != '\0')
		place_set(p, FROM_USER, user, password);
	secret_free(user, size);
	return rc;
}
