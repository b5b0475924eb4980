/*
 * Roles that are symbolic links to directories of this machine, for people
 * who work on them.
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/clock.h"
#include "kelpie/error.h"

/* The stage of no worker. */
#define LINKER UINT_MAX

static bool
is_role(const char *path)
{
	char *yml = xasprintf("%s/meta/main.yml", path);
	char *yaml = xasprintf("%s/meta/main.yaml", path);
	bool is = access(yml, F_OK) == 0 || access(yaml, F_OK) == 0;

	free(yml);
	free(yaml);
	return is;
}

static int
make(struct run *run, struct task *t, struct error *err)
{
	const char *target = t->item->spec->src;
	struct commit *c;

	if (!is_role(target))
		return error_set(err, ERR_NOTFOUND,
		    "this is no role: it has no meta/main.yml");
	c = finish_begin(run, t, LINKER);
	free(c->record.ref);
	c->record.ref = xstrdup(REF_LINK);
	/* They may change at any time. */
	free(c->record.needs);
	c->record.needs = NULL;
	if (store_check_link(&run->store, c, target, err) == -1) {
		record_free(&c->record);
		return -1;
	}
	run->walked[run->batch_n] = (struct walked){0};
	finish_end(run);
	return 0;
}

void
links_make(struct run *run)
{
	/* What they depend on adds to the tasks. */
	size_t tasks = run->n, *item = xcalloc(tasks, sizeof(*item)), i, n = 0;
	struct error err;

	for (i = 0; i < tasks; i++) {
		struct task *t = run->task[i];

		if (t->kind != JOB_LINK)
			continue;
		t->progress = FINISHED;
		t->started = clock_ms();
		if (make(run, t, &err) == 0)
			item[n++] = t->item->order;
		else
			run_failed(run, t->item, &err);
	}
	finish_flush(run);
	needs_of_links(run, item, n);
	free(item);
}
