#include "cmd/scratch.h"

#include <fcntl.h>
#include <stdlib.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"
#include "kelpie/walk.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

volatile sig_atomic_t scratch_signal;

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
static struct sigaction before[COUNT(signals)];
static unsigned held; /* by so many directories */

static void
on_signal(int signo)
{
	scratch_signal = signo;
}

/* What nohup(1) and the like ignore stays ignored. */
static void
hold_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	if (held++ > 0)
		return;
	(void)sigemptyset(&sa.sa_mask);
	scratch_signal = 0;
	for (size_t i = 0; i < COUNT(signals); i++) {
		(void)sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &sa, NULL);
	}
}

static void
release_signals(void)
{
	if (--held > 0)
		return;
	for (size_t i = 0; i < COUNT(signals); i++)
		(void)sigaction(signals[i], &before[i], NULL);
	if (scratch_signal != 0)
		(void)raise(scratch_signal);
}

char *
scratch_make(struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	char *path, *real = NULL;

	if (tmp == NULL || *tmp == '\0')
		tmp = "/tmp";
	path = xasprintf("%s/kelpie.XXXXXX", tmp);
	hold_signals();
	if (mkdtemp(path) != NULL)
		real = realpath(path, NULL);
	if (real == NULL) {
		(void)error_errno(err, "make a directory in '%s'", tmp);
		release_signals();
	}
	free(path);
	return real;
}

void
scratch_remove(char *path)
{
	struct error err;

	if (path == NULL)
		return;
	if (walk_remove(AT_FDCWD, path, &err) == -1)
		ui_warn("%s", err.msg);
	free(path);
	release_signals();
}
