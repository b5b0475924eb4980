#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/git_ssh.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/url.h"

#define QUOTE_MAX 300

#define UNKNOWN_KEY                                                            \
	"the host key is not known: connect once with 'ssh%s', compare the "   \
	"fingerprint that it shows with the one that the host publishes, and " \
	"accept it; or see ssh-keyscan(1)"
#define CHANGED_KEY                                                         \
	"the host key is not the one in known_hosts: the host was set up "  \
	"anew, or somebody is in between; once you know that it is right, " \
	"forget the old one with ssh-keygen -R and connect with 'ssh%s'"
#define NO_KEY                                                          \
	"the server takes none of our keys; does 'ssh%s' work without " \
	"asking?  a key with a passphrase has to be in the agent: ssh-add"
#define MANY_KEYS                                                            \
	"the server has enough of our keys before the right one comes: see " \
	"IdentitiesOnly in ssh_config(5)"
#define OPEN_KEY                                                      \
	"ssh leaves a private key aside that others may read: chmod " \
	"600 on it"
#define ABSENT "not found, or not to be seen with this key"
#define NO_GIT "the server has no git-upload-pack on its PATH"

/*
 * What OpenSSH, git and the hosts say, and what follows.  The first that is
 * found counts.  Without an advice the line itself says enough; "%s" in one
 * stands for options and host.
 */
static const struct known {
	const char *words;
	enum error_kind kind;
	const char *advice;
} table[] = {
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", ERR_AUTH, CHANGED_KEY},
    {"REVOKED HOST KEY", ERR_AUTH, NULL},
    {"Host key verification failed", ERR_AUTH, UNKNOWN_KEY},
    {"UNPROTECTED PRIVATE KEY FILE", ERR_AUTH, OPEN_KEY},
    {"Too many authentication failures", ERR_AUTH, MANY_KEYS},
    {"Permission denied (", ERR_AUTH, NO_KEY},
    {"Unable to negotiate", ERR_AUTH, NULL},
    {"ad configuration option", ERR_CONFIG, NULL},
    {"Bad owner or permissions", ERR_CONFIG, NULL},
    {"git-upload-pack: not found", ERR_NOTFOUND, NO_GIT},
    {"git-upload-pack: command not found", ERR_NOTFOUND, NO_GIT},
    {"does not appear to be a git repository", ERR_NOTFOUND, ABSENT},
    {"epository not found", ERR_NOTFOUND, ABSENT},
    {"epository does not exist", ERR_NOTFOUND, ABSENT},
    {"find repository", ERR_NOTFOUND, ABSENT},
    {"could not be found", ERR_NOTFOUND, ABSENT},
    {"DENIED by", ERR_NOTFOUND, ABSENT},
    {"dubious ownership", ERR_AUTH, NULL},
    {"Could not resolve hostname", ERR_NETWORK, NULL},
    {"Connection refused", ERR_NETWORK, NULL},
    {"Connection reset", ERR_NETWORK, NULL},
    {"Connection closed", ERR_NETWORK, NULL},
    {"closed by remote host", ERR_NETWORK, NULL},
    {"timed out", ERR_NETWORK, NULL},
    {"not responding", ERR_NETWORK, NULL},
    {"No route to host", ERR_NETWORK, NULL},
    {"Network is unreachable", ERR_NETWORK, NULL},
    {"Broken pipe", ERR_NETWORK, NULL},
    {"hung up", ERR_NETWORK, NULL},
    {"navailable", ERR_NETWORK, NULL},
    {"not accessible", ERR_NETWORK, NULL},
    {"nternal ", ERR_NETWORK, NULL},
    {"emporar", ERR_NETWORK, NULL},
    {"try again", ERR_NETWORK, NULL},
};

void
ssh_words_add(struct ssh_words *w, const char *s, size_t len)
{
	size_t drop;

	if (len > SSH_WORDS_MAX) {
		s += len - SSH_WORDS_MAX;
		len = SSH_WORDS_MAX;
	}
	drop = w->len + len > SSH_WORDS_MAX ? w->len + len - SSH_WORDS_MAX : 0;
	memmove(w->text, w->text + drop, w->len - drop);
	w->len -= drop;
	for (size_t i = 0; i < len; i++)
		w->text[w->len++] = s[i] != '\0' ? s[i] : '?';
	w->text[w->len] = '\0';
}

/* The line around a byte of the text, without blanks at its ends. */
static int
line_at(const char *text, const char **at)
{
	const char *end = *at + strcspn(*at, "\r\n");

	while (*at > text && strchr("\r\n", (*at)[-1]) == NULL)
		(*at)--;
	while (*at < end && isspace((unsigned char)**at))
		(*at)++;
	while (end > *at && isspace((unsigned char)end[-1]))
		end--;
	return end - *at < QUOTE_MAX ? (int)(end - *at) : QUOTE_MAX;
}

/* " -p 22 user@host" */
static char *
destination(const char *url)
{
	struct url_ssh to;
	struct buf b = {0};

	url_ssh(&to, url);
	if (to.port != NULL)
		buf_printf(&b, " -p %s", to.port);
	buf_puts(&b, " ");
	if (to.user != NULL)
		buf_printf(&b, "%s@", to.user);
	buf_puts(&b, to.host);
	url_ssh_free(&to);
	return b.data;
}

static void
advise(const struct known *k, const char *url, const char *line, int len,
    struct error *err)
{
	const char *gap;
	char *to;

	err->kind = k->kind;
	if (k->advice == NULL) {
		(void)error_set(err, k->kind, "ssh: %.*s", len, line);
		return;
	}
	gap = strstr(k->advice, "%s");
	if (gap == NULL)
		(void)error_set(err, k->kind, "%s", k->advice);
	else {
		to = destination(url);
		(void)error_set(err, k->kind, "%.*s%s%s",
		    (int)(gap - k->advice), k->advice, to, gap + 2);
		free(to);
	}
	error_append(err, " (%.*s)", len, line);
}

bool
ssh_words_known(const struct ssh_words *w, const char *url, struct error *err)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *at = strstr(w->text, table[i].words);
		int len;

		if (at == NULL)
			continue;
		len = line_at(w->text, &at);
		advise(&table[i], url, at, len, err);
		return true;
	}
	return false;
}

int
ssh_words_error(const struct ssh_words *w, const char *url, struct error *err)
{
	const char *at = w->text + w->len;
	int len;

	if (ssh_words_known(w, url, err))
		return -1;
	while (at > w->text && isspace((unsigned char)at[-1]))
		at--;
	if (at == w->text)
		return error_set(err, ERR_NETWORK, "ssh ended without a word");
	at--;
	len = line_at(w->text, &at);
	return error_set(err, ERR_NOTFOUND, "ssh: %.*s", len, at);
}
