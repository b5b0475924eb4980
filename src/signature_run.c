/*
 * The programs that know keys: started by the confined child, so that they
 * are confined as it is, in a directory that has nothing but what they need.
 */
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kelpie/error.h"
#include "kelpie/proc.h"
#include "signature_priv.h"

#define OUTPUT_MAX (256u << 10)
#define WORDS "words"

char *
trial_find(const char *name)
{
	const char *list = getenv("PATH");
	char *found = proc_find(&list, name), *full;

	/* The current directory is to be another one. */
	full = found != NULL ? realpath(found, NULL) : NULL;
	free(found);
	return full;
}

int
trial_write(const char *name, const struct buf *b, struct error *err)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc = -1;

	if (fd != -1)
		rc = write_fully(fd, b->data, b->len);
	if (fd != -1 && close(fd) == -1)
		rc = -1;
	return rc == 0 ? 0 : error_errno(err, "write what is signed");
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int
trial_run(const char *const *argv, const char *in, struct buf *out,
    struct error *err)
{
	static const char *const env[] = {"LC_ALL=C", "LANGUAGE=C", "HOME=.",
	    "GNUPGHOME=.", NULL};
	struct proc_opts opts = {.argv = argv, .env = env};
	int fd[2], rc = -1;
	pid_t pid = -1;

	if (pipe2(fd, O_CLOEXEC) == -1)
		return error_errno(err, "pipe");
	opts.in = open(in, O_RDONLY | O_CLOEXEC);
	opts.out = fd[1];
	opts.err = open(WORDS, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (opts.in == -1 || opts.err == -1)
		(void)error_errno(err, "open what is signed");
	else
		pid = proc_start(&opts, err);
	(void)close(fd[1]);
	if (opts.in != -1)
		(void)close(opts.in);
	if (opts.err != -1)
		(void)close(opts.err);
	if (pid != -1)
		rc = buf_read(out, fd[0], OUTPUT_MAX, err);
	/* Who is left alone with a full pipe ends. */
	(void)close(fd[0]);
	if (pid == -1)
		return -1;
	buf_add(out, "", 0);
	return rc == 0 ? wait_for(pid) : -1;
}

char *
trial_words(void)
{
	struct buf b = {0};
	struct error ignored;
	char *line, *save = NULL, *last = NULL;
	int fd = open(WORDS, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return NULL;
	if (buf_read(&b, fd, OUTPUT_MAX, &ignored) == 0 && b.len > 0)
		for (line = strtok_r(b.data, "\r\n", &save); line != NULL;
		     line = strtok_r(NULL, "\r\n", &save))
			last = line;
	last = last != NULL ? xstrndup(last, 200) : NULL;
	buf_free(&b);
	(void)close(fd);
	return last;
}
