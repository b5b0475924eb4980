/*
 * What roles depend on that stay in place, and links.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

bool
needs_is_pup(const struct run *run, const struct item *it)
{
	return run->opts->kennel && it->own == NULL;
}

/* The record of a pup may be from when its own file did not count. */
static bool
asks_for_more(const struct run *run, const struct item *it)
{
	char *path;
	bool there;

	if (!needs_is_pup(run, it))
		return false;
	path = xasprintf("%s/requirements.yml", it->spec->name);
	there = faccessat(run->store.rolesfd, path, F_OK, 0) == 0;
	free(path);
	return there;
}

/* Nothing else says what the role of item n needs. */
static void
note_needs(struct run *run, size_t n, const struct buf *lines)
{
	struct item *it = n < run->plan.n ? run->plan.v[n] : NULL;

	if (it != NULL && it->needs == NULL)
		it->needs = xstrdup_null(lines->data);
}

/* What a child has told of item n. */
static const char *
take_told(struct run *run, const char *at)
{
	size_t order = strtoul(at, NULL, 10);
	const struct needing n = {run, order,
	    order < run->plan.n ? run->plan.v[order]->spec->name : ""};
	const char *lf = strchr(at, '\n');
	struct buf lines = {0};

	for (at = lf != NULL ? lf + 1 : ""; *at != '\0' && *at != '#';
	     at = lf + 1) {
		lf = strchr(at, '\n');
		if (lf == NULL)
			break;
		if (*at == '+')
			buf_add(&lines, at + 1, (size_t)(lf - at));
		else if (!run->warned)
			ui_warn("%s: %.*s", n.name, (int)(lf - at - 1), at + 1);
	}
	if (lines.len != 0)
		needs_take(&n, lines.data, lines.len);
	note_needs(run, order, &lines);
	buf_free(&lines);
	return lf != NULL ? at : "";
}

static int
read_unknown(struct run *run, const size_t *item, size_t n, struct error *err)
{
	struct buf told = {0};
	const char *at;
	int rc;

	if (n == 0)
		return 0;
	rc = needs_read(run, item, n, &told, err);
	for (at = rc == 0 && told.data != NULL ? told.data : ""; *at == '#';)
		at = take_told(run, at + 1);
	buf_free(&told);
	return rc;
}

/* Until nothing new has come: what is found may stay as well. */
int
needs_of_kept(struct run *run, struct error *err)
{
	size_t *unknown, n, end;
	int rc = 0;

	while (rc == 0 && !run->opts->no_deps && run->looked < run->plan.n) {
		end = run->plan.n;
		unknown = xcalloc(end, sizeof(*unknown));
		for (n = 0; run->looked < end; run->looked++) {
			const struct item *it = run->plan.v[run->looked];
			const struct needing of = {run, it->order,
			    it->spec->name};

			if (it->action != ACT_KEEP &&
			    (run->opts->refs == NULL ||
				it->action != ACT_UPDATE))
				continue;
			if (it->needs != NULL && !asks_for_more(run, it))
				needs_take(&of, it->needs, strlen(it->needs));
			else
				unknown[n++] = it->order;
		}
		rc = read_unknown(run, unknown, n, err);
		free(unknown);
	}
	run->warned = true;
	return rc;
}

void
needs_of_links(struct run *run, const size_t *item, size_t n)
{
	struct error err;

	if (run->opts->no_deps)
		return;
	run->warned = false;
	if (read_unknown(run, item, n, &err) == -1 ||
	    needs_of_kept(run, &err) == -1)
		needs_failed(run, &err);
	run->warned = true;
}
