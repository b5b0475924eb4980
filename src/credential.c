#include "kelpie/credential.h"

#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "credential_priv.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"
#include "kelpie/proc.h"
#include "secret.h"

#define TELL_MS 2000 /* for a helper to hear the last words */
#define STEP 5 /* ms between two looks */

struct credentials *
credentials_new(const struct gitconfig *config)
{
	struct credentials *c = xcalloc(1, sizeof(*c));

	c->config = config;
	c->timeout_ms = HELPER_MS;
	return c;
}

/* ---- places ---- */

static void
place_drop(struct place *p)
{
	secret_free(p->secret, p->secret_size);
	p->secret = NULL;
	p->user = p->password = NULL;
}

void
place_set(struct place *p, enum source source, const char *user,
    const char *password)
{
	size_t user_size = strlen(user) + 1, size = strlen(password) + 1;

	place_drop(p);
	p->secret_size = user_size + size;
	p->secret = secret_new(p->secret_size);
	memcpy(p->secret, user, user_size);
	memcpy(p->secret + user_size, password, size);
	p->user = p->secret;
	p->password = p->secret + user_size;
	p->source = source;
	p->serial++;
	p->worked = false;
}

static char *
key_of(const struct target *t, bool use_path)
{
	struct buf b = {0};

	buf_printf(&b, "%s://%s", t->protocol, t->host);
	for (size_t i = 0; i < b.len; i++)
		b.data[i] = (char)tolower((unsigned char)b.data[i]);
	buf_printf(&b, "\n%s\n%s", t->user != NULL ? t->user : "",
	    use_path ? t->path : "");
	return b.data;
}

struct place *
place_of(struct credentials *c, const char *url)
{
	struct target t;
	struct place *p;
	char *key;

	if (!target_parse(&t, url))
		return NULL;
	key =
	    key_of(&t, c->config != NULL && gitconfig_use_path(c->config, url));
	for (p = c->places; p != NULL; p = p->next)
		if (strcmp(p->key, key) == 0) {
			free(key);
			target_free(&t);
			return p;
		}
	p = xcalloc(1, sizeof(*p));
	p->key = key;
	p->target = t;
	p->next = c->places;
	c->places = p;
	place_ask_netrc(c, p);
	return p;
}

static void
set_why(struct place *p, const char *why)
{
	free(p->why);
	p->why = xstrdup(why);
}

/* ---- helpers ---- */

/* What has become of the helper that was asked? */
static void
settle(struct place *p)
{
	enum helper_state state;
	struct error err;
	size_t at, size;
	char *pair;

	if (p->helper.pid == 0)
		return;
	state = helper_look(&p->helper, &err);
	if (state == HELPER_RUNNING)
		return;
	p->source = NOWHERE;
	if (state == HELPER_FAILED) {
		set_why(p, err.msg);
		return;
	}
	size = p->helper.len + 2;
	pair = secret_new(size);
	at = helper_parse(p->helper.text, p->helper.len, pair);
	if (at != 0)
		place_set(p, FROM_HELPER, pair, pair + at);
	else
		set_why(p, "git's credential helper gives no password");
	secret_free(pair, size);
}

static void
tell(struct credentials *c, const struct place *p, const char *verb)
{
	pid_t pid = helper_tell(&p->helper, verb);

	if (pid == -1)
		return;
	c->told = xreallocarray(c->told, c->told_n + 1, sizeof(*c->told));
	c->told[c->told_n++] = pid;
}

static bool
ask_helper(struct credentials *c, struct place *p, const char *url)
{
	struct error err;

	p->source = NOWHERE;
	if (c->config == NULL || !gitconfig_has_helper(c->config, url))
		return false;
	if (helper_start(&p->helper, &p->target, c->timeout_ms, &err) == 0)
		return true;
	(void)error_wrap(&err, "git's credential helper cannot be asked");
	set_why(p, err.msg);
	return false;
}

/* Those that were told something and have ended. */
static void
collect(struct credentials *c)
{
	size_t n = 0;
	int status;

	for (size_t i = 0; i < c->told_n; i++)
		if (!proc_ended(c->told[i], &status))
			c->told[n++] = c->told[i];
	c->told_n = n;
}

/* ---- what the engine asks ---- */

enum credential_state
credentials_get(struct credentials *c, const char *url, const char **user,
    const char **password)
{
	struct place *p = place_of(c, url);

	if (p == NULL)
		return CREDENTIAL_NONE;
	settle(p);
	if (p->helper.pid != 0)
		return CREDENTIAL_PENDING;
	if (p->secret == NULL)
		return CREDENTIAL_NONE;
	*user = p->user;
	*password = p->password;
	return CREDENTIAL_READY;
}

unsigned
credentials_serial(struct credentials *c, const char *url)
{
	const struct place *p = place_of(c, url);

	return p != NULL && p->secret != NULL ? p->serial : 0;
}

/* Goes behind the words that they are refused. */
static const char *
origin_of(enum source source)
{
	switch (source) {
	case FROM_NETRC:
		return "they are from ~/.netrc";
	case FROM_USER:
		return "they were given on the terminal";
	default:
		return "they are from git's credential helper";
	}
}

/* What we have is no good. */
static void
refused(struct credentials *c, struct place *p)
{
	set_why(p, origin_of(p->source));
	if (p->worked)
		return;
	if (p->source == FROM_HELPER)
		tell(c, p, "reject");
	place_drop(p);
}

bool
credentials_wanted(struct credentials *c, const char *url, unsigned sent)
{
	struct place *p = place_of(c, url);

	if (p == NULL)
		return false;
	settle(p);
	if (p->helper.pid != 0)
		return true;
	if (p->secret != NULL && sent != p->serial)
		return true;
	if (p->secret != NULL)
		refused(c, p);
	if (p->secret != NULL || p->source >= FROM_HELPER)
		return false;
	return ask_helper(c, p, url);
}

void
credentials_worked(struct credentials *c, const char *url)
{
	struct place *p = place_of(c, url);

	if (p == NULL || p->secret == NULL || p->worked)
		return;
	p->worked = true;
	if (p->source == FROM_HELPER)
		tell(c, p, "approve");
}

void
credentials_tick(struct credentials *c)
{
	for (struct place *p = c->places; p != NULL; p = p->next)
		settle(p);
	collect(c);
}

const char *
credentials_why(struct credentials *c, const char *url)
{
	const struct place *p = place_of(c, url);

	return p != NULL ? p->why : NULL;
}

static void
place_free(struct place *p)
{
	place_drop(p);
	helper_free(&p->helper);
	target_free(&p->target);
	free(p->key);
	free(p->why);
	free(p);
}

void
credentials_free(struct credentials *c)
{
	uint64_t until = clock_ms() + TELL_MS;
	struct place *p;

	if (c == NULL)
		return;
	for (collect(c); c->told_n != 0 && clock_ms() < until; collect(c))
		(void)poll(NULL, 0, STEP);
	for (size_t i = 0; i < c->told_n; i++)
		proc_stop(c->told[i], 100);
	while ((p = c->places) != NULL) {
		c->places = p->next;
		place_free(p);
	}
	secret_free(c->netrc, c->netrc_size);
	free(c->told);
	free(c);
}
