#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credential_priv.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "secret.h"

/* A pipe that holds the text, to be read from the descriptor returned. */
static int
filled_pipe(const char *text, size_t len, struct error *err)
{
	int fd[2];
	ssize_t n;

	if (pipe2(fd, O_CLOEXEC) == -1)
		return error_errno(err, "pipe");
	(void)fcntl(fd[1], F_SETFL, O_NONBLOCK);
	n = write(fd[1], text, len);
	(void)close(fd[1]);
	if (n == (ssize_t)len)
		return fd[0];
	(void)close(fd[0]);
	return error_set(err, ERR_LOCAL, "a pipe is too small");
}

/*
 * Nothing may ask on a terminal or a screen, and no repository's own
 * configuration has a say.
 */
static pid_t
start_git(const char *verb, int in, int out, int errors, struct error *err)
{
	static const char *const env[] = {"GIT_TERMINAL_PROMPT=0",
	    "GIT_ASKPASS=", "SSH_ASKPASS=", "GCM_INTERACTIVE=never",
	    "GIT_DIR=/dev/null", NULL};
	const char *argv[] = {"git", "credential", verb, NULL};
	const struct proc_opts opts = {.argv = argv,
	    .env = env,
	    .in = in,
	    .out = out,
	    .err = errors};

	return proc_start(&opts, err);
}

static int
reading_end(int fd[2], struct error *err)
{
	if (pipe2(fd, O_CLOEXEC) == -1)
		return error_errno(err, "pipe");
	(void)fcntl(fd[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
close_pair(int fd[2])
{
	if (fd[0] != -1)
		(void)close(fd[0]);
	if (fd[1] != -1)
		(void)close(fd[1]);
}

int
helper_start(struct helper *h, const struct target *t, unsigned timeout_ms,
    struct error *err)
{
	int in, out[2] = {-1, -1}, errors[2] = {-1, -1};
	struct buf ask = {0};
	pid_t pid = -1;

	buf_printf(&ask, "protocol=%s\nhost=%s\n", t->protocol, t->host);
	if (t->path[0] != '\0')
		buf_printf(&ask, "path=%s\n", t->path);
	if (t->user != NULL)
		buf_printf(&ask, "username=%s\n", t->user);
	buf_puts(&ask, "\n");
	in = filled_pipe(ask.data, ask.len, err);
	buf_free(&ask);
	if (in != -1 && reading_end(out, err) == 0 &&
	    reading_end(errors, err) == 0)
		pid = start_git("fill", in, out[1], errors[1], err);
	if (in != -1)
		(void)close(in);
	if (pid == -1) {
		close_pair(out);
		close_pair(errors);
		return -1;
	}
	(void)close(out[1]);
	(void)close(errors[1]);
	*h = (struct helper){.pid = pid,
	    .out = out[0],
	    .err = errors[0],
	    .until = clock_ms() + timeout_ms,
	    .timeout_ms = timeout_ms,
	    .text = secret_new(HELPER_MAX)};
	return 0;
}

/* False if it says more than there is room for. */
static bool
listen(struct helper *h)
{
	char piece[256];
	size_t keep;
	ssize_t n = 1;

	while (n > 0 && h->len < HELPER_MAX) {
		n = read(h->out, h->text + h->len, HELPER_MAX - h->len);
		if (n > 0)
			h->len += (size_t)n;
	}
	while ((n = read(h->err, piece, sizeof(piece))) > 0) {
		keep = sizeof(h->words) - 1 - (size_t)n;
		if (h->words_len > keep) {
			memmove(h->words, h->words + h->words_len - keep, keep);
			h->words_len = keep;
		}
		memcpy(h->words + h->words_len, piece, (size_t)n);
		h->words_len += (size_t)n;
	}
	return h->len < HELPER_MAX;
}

/* The last line but one: the last is git's own, that nobody knew. */
static const char *
last_words(struct helper *h)
{
	char *s = h->words, *line = NULL, *before = NULL, *next;

	h->words[h->words_len] = '\0';
	while ((next = strsep(&s, "\n")) != NULL) {
		if (*next == '\0')
			continue;
		before = line;
		line = next;
	}
	return before;
}

static void
close_both(struct helper *h)
{
	(void)close(h->out);
	(void)close(h->err);
	h->pid = 0;
}

static enum helper_state
give_up(struct helper *h)
{
	proc_kill(h->pid, SIGKILL);
	proc_stop(h->pid, 0);
	close_both(h);
	return HELPER_FAILED;
}

enum helper_state
helper_look(struct helper *h, struct error *err)
{
	const char *words;
	int status;
	bool ended = proc_ended(h->pid, &status);

	if (!listen(h)) {
		(void)error_set(err, ERR_AUTH,
		    "git's credential helper says more than %zu KiB",
		    HELPER_MAX >> 10);
		if (!ended)
			return give_up(h);
		close_both(h);
		return HELPER_FAILED;
	}
	if (!ended && clock_ms() < h->until)
		return HELPER_RUNNING;
	if (!ended) {
		(void)error_set(err, ERR_AUTH,
		    "git's credential helper gives no answer for %u seconds",
		    h->timeout_ms / 1000);
		return give_up(h);
	}
	close_both(h);
	if (status == 0)
		return HELPER_ANSWERED;
	words = last_words(h);
	(void)error_set(err, ERR_AUTH, "git's credential helpers know none");
	if (words != NULL)
		error_append(err, ": %s", words);
	return HELPER_FAILED;
}

pid_t
helper_tell(const struct helper *h, const char *verb)
{
	struct error ignored;
	pid_t pid;
	int in;

	if (h->text == NULL)
		return -1;
	in = filled_pipe(h->text, h->len, &ignored);
	if (in == -1)
		return -1;
	pid = start_git(verb, in, -1, -1, &ignored);
	(void)close(in);
	return pid;
}

void
helper_free(struct helper *h)
{
	if (h->pid != 0) {
		proc_stop(h->pid, 100);
		close_both(h);
	}
	secret_free(h->text, HELPER_MAX);
	*h = (struct helper){0};
}

/* The value of the last line "name=value"; NULL if there is none. */
static const char *
find(const char *text, size_t len, const char *name, size_t *value_len)
{
	const char *end = text + len, *value = NULL, *newline;
	size_t n = strlen(name);

	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (newline == NULL)
			newline = end;
		if ((size_t)(newline - text) > n &&
		    memcmp(text, name, n) == 0 && text[n] == '=') {
			value = text + n + 1;
			*value_len = (size_t)(newline - value);
		}
	}
	return value;
}

size_t
helper_parse(const char *text, size_t len, char *out)
{
	size_t user_len = 0, password_len = 0;
	const char *user = find(text, len, "username", &user_len);
	const char *password = find(text, len, "password", &password_len);

	if (user == NULL || password == NULL || memchr(text, '\0', len) != NULL)
		return 0;
	memcpy(out, user, user_len);
	out[user_len] = '\0';
	memcpy(out + user_len + 1, password, password_len);
	out[user_len + 1 + password_len] = '\0';
	return user_len + 1;
}
