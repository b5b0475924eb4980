/*
 * What an update has changed, or would change.
 */
#include <string.h>

#include "cmd/install_args.h"
#include "cmd/locking.h"
#include "kelpie/buf.h"
#include "kelpie/ui.h"

/* "v1.2 (3f2c1ab)", what there is of it. */
static void
add_what(struct buf *b, const struct locked *e)
{
	const char *version = e->became != NULL ? e->became : e->asked;
	const char *id = e->commit != NULL ? e->commit : e->sha256;
	bool named = version != NULL && !text_same(version, id);

	if (named)
		buf_puts(b, version);
	else if (id == NULL)
		buf_puts(b, "a directory");
	if (id != NULL)
		buf_printf(b, named ? " (%.7s)" : "%.7s", id);
}

static bool
tell_change(const char *name, const struct locked *was,
    const struct locked *now)
{
	struct buf b = {0};

	if (was != NULL && now != NULL && text_same(was->commit, now->commit) &&
	    text_same(was->sha256, now->sha256) &&
	    text_same(was->became, now->became))
		return false;
	buf_printf(&b, "%s: ", name);
	if (was != NULL)
		add_what(&b, was);
	buf_puts(&b, was == NULL ? "new, " : now == NULL ? " is gone" : " -> ");
	if (now != NULL)
		add_what(&b, now);
	if (was != NULL && now != NULL && now->since[0] != '\0')
		buf_printf(&b, ", %s", now->since);
	ui_info("%s", b.data);
	buf_free(&b);
	return true;
}

/* Old and new, by name.  How many there are. */
static size_t
tell_changes(const struct locking *l)
{
	size_t i = 0, j = 0, n = 0;
	int order;

	while (i < l->was.n || j < l->now.n) {
		order = i == l->was.n ? 1 :
		    j == l->now.n     ? -1 :
				    strcmp(l->was.v[i].name, l->now.v[j].name);
		n += tell_change(order <= 0 ? l->was.v[i].name :
					      l->now.v[j].name,
		    order <= 0 ? &l->was.v[i] : NULL,
		    order >= 0 ? &l->now.v[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}

void
locking_tell(const struct locking *l, const struct install_args *a)
{
	/* The first of all is told of where it is installed. */
	if (a->is_update && (l->there || a->dry_update) &&
	    tell_changes(l) == 0 && a->dry_update)
		ui_info("nothing would change");
}
