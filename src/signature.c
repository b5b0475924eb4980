#include "kelpie/signature.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/clock.h"
#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "kelpie/sandbox.h"
#include "signature_priv.h"

#define TIME_MS 30000
#define ANSWER_MAX 4096
#define FILE_MAX (64u << 20) /* bytes that the child may write */

/* ---- in the child: in is the chain, out the directory ---- */

static int
confine(struct error *err)
{
	static const char *const read[] = {"/", NULL};
	static const uint16_t ports[] = {0};
	const struct sandbox sb = {.write_dir = STDOUT_FILENO,
	    .read = read,
	    .ports = ports,
	    .programs = true,
	    .file_max = FILE_MAX};

	return sandbox_enter(&sb, err);
}

static int
read_chain(struct buf *b, struct error *err)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) == -1 || !S_ISREG(st.st_mode))
		return error_set(err, ERR_CHILD,
		    "the worker did not leave what is signed");
	return buf_read(b, STDIN_FILENO, CHAIN_BYTES_MAX, err);
}

static int
is_good(struct trial *t, struct error *err)
{
	const struct signature_job *job = t->job;
	struct buf chain = {0};
	int rc = -1;

	if (confine(err) == 0 && read_chain(&chain, err) == 0 &&
	    chain_prove(&t->found, chain.data, chain.len, &job->wish, err) ==
		0 &&
	    signers_read(&t->keys, job->signers, err) == 0)
		rc = 0;
	buf_free(&chain);
	if (rc == -1)
		return -1;
	if (fchdir(STDOUT_FILENO) == -1)
		return error_errno(err, "enter a directory of ours");
	if (trial_write(PAYLOAD, &t->found.payload, err) == -1 ||
	    trial_write(SIGNATURE, &t->found.signature, err) == -1)
		return -1;
	return strcmp(job->how, "ssh") == 0 ? trial_ssh(t, err) :
					      trial_gpg(t, err);
}

/* "+mark TAB who", or "-kind TAB why". */
static int
child(int fd, void *ctx)
{
	struct trial t = {.job = ctx};
	char mark[SIGNERS_MARK_MAX];
	struct buf answer = {0};
	struct error err;
	int rc;

	if (is_good(&t, &err) == 0) {
		signers_mark_of(mark, t.job->how, t.keys.data, t.keys.len);
		buf_printf(&answer, "+%s\t%s%s%.1000s", mark,
		    t.found.by_tag ? "the tag" : "the commit", " is signed by ",
		    t.who.data);
	} else {
		buf_printf(&answer, "-%d\t%s", (int)err.kind, err.msg);
	}
	rc = write_fully(fd, answer.data, answer.len);
	buf_free(&answer);
	buf_free(&t.keys);
	buf_free(&t.who);
	chain_free(&t.found);
	free(t.program);
	return rc == 0 ? 0 : 1;
}

/* ---- in the parent ---- */

struct signature {
	pid_t pid; /* 0: it has ended */
	int fd;
	uint64_t until; /* ms */
	char answer[ANSWER_MAX + 1];
	size_t len;
	const char *who; /* in the answer */
};

struct signature *
signature_begin(const struct signature_job *job, struct error *err)
{
	const struct proc_opts opts = {.in = job->chain,
	    .out = job->dir,
	    .err = -1};
	struct signature *s = xcalloc(1, sizeof(*s));
	union {
		const struct signature_job *from;
		void *to;
	} ctx = {job}; /* child() changes nothing */

	s->pid = proc_fork(&opts, child, ctx.to, &s->fd, err);
	if (s->pid == -1) {
		free(s);
		return NULL;
	}
	s->until = clock_ms() + TIME_MS;
	return s;
}

/* The first line's first part; the rest is what NULs and TABs leave. */
static int
understand(struct signature *s, struct error *err)
{
	char *tab;

	s->answer[s->len] = '\0';
	tab = strchr(s->answer, '\t');
	if (tab == NULL)
		return error_set(err, ERR_CHILD,
		    "the child that looks at signatures gave no answer");
	*tab = '\0';
	s->who = tab + 1;
	if (s->answer[0] == '+' && signers_mark_ok(s->answer + 1))
		return 1;
	switch (strtol(s->answer + 1, NULL, 10)) {
	case ERR_REFUSED:
		return error_set(err, ERR_REFUSED, "%s", s->who);
	case ERR_CONFIG:
		return error_set(err, ERR_CONFIG, "%s", s->who);
	case ERR_LOCAL:
		return error_set(err, ERR_LOCAL, "%s", s->who);
	default:
		return error_set(err, ERR_INTEGRITY, "%s", s->who);
	}
}

static void
end(struct signature *s)
{
	proc_kill(s->pid, SIGKILL);
	proc_stop(s->pid, 0);
	s->pid = 0;
}

int
signature_look(struct signature *s, struct error *err)
{
	int status;
	ssize_t n;

	/* It may have said all just before its end was seen. */
	if (!proc_ended(s->pid, &status)) {
		if (clock_ms() < s->until)
			return 0;
		end(s);
		return error_set(err, ERR_LOCAL,
		    "looking at the signature takes longer than %d seconds",
		    TIME_MS / 1000);
	}
	s->pid = 0;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return error_set(err, ERR_CHILD,
		    "the child that looks at signatures ended badly");
	while (s->len < ANSWER_MAX &&
	    (n = read(s->fd, s->answer + s->len, ANSWER_MAX - s->len)) > 0)
		s->len += (size_t)n;
	return understand(s, err);
}

const char *
signature_who(const struct signature *s)
{
	return s->who;
}

const char *
signature_mark(const struct signature *s)
{
	return s->answer + 1;
}

void
signature_free(struct signature *s)
{
	if (s == NULL)
		return;
	if (s->pid != 0)
		end(s);
	(void)close(s->fd);
	free(s);
}
