/*
 * kelpie verify: are the roles what was installed, and what is locked?
 */
#include "cmd/verify.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/install_args.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/lockfile.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

static const char verify_help[] =
    "usage: kelpie verify [-qv] [-p path] [-r file] [--json] [name ...]\n"
    "\n"
    "Hold the roles that are in place, or the named ones, against what was\n"
    "installed, and against the lock file beside the requirements file, if\n"
    "there is one.  Asks no server and changes nothing.  The exit status is 0\n"
    "if nothing differs, 1 if something does, 2 if that cannot be found out.\n"
    "\n"
    "  -p, --roles-path DIR    the roles in DIR\n"
    "  -r, --role-file FILE    the lock file of FILE (requirements.yml)\n"
    "      --json              everything that is known, as JSON\n"
    "      --sandbox WORD      how its processes that read roles are confined:\n"
    "                          auto, require or off, as for install\n"
    "  -q, --quiet             only errors, and the exit status\n"
    "  -v, --verbose           also the roles that differ in nothing\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/* One run. */
struct held {
	struct verify v;
	struct store store;
	struct inventory inv;
	struct lockfile lock;
	char *lock_path;
};

/* ---- which roles ---- */

struct names {
	const char **v;
	size_t n;
};

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* "a" is no role of its own if there is "a/b"; v[i] is followed by these. */
static bool
holds_others(const struct names *names, size_t i)
{
	size_t len = strlen(names->v[i]);

	for (size_t k = i + 1; k < names->n; k++) {
		if (strncmp(names->v[k], names->v[i], len) != 0)
			break;
		if (names->v[k][len] == '/')
			return true;
	}
	return false;
}

static void
add(struct held *h, const char *name)
{
	struct checked *c = &h->v.v[h->v.n++];

	*c = (struct checked){.name = name,
	    .p = inventory_find(&h->inv, name),
	    .record = state_find(&h->store.state, name),
	    .locked = lockfile_find(&h->lock, name)};
}

static bool
is_named(const struct verb_args *a, const char *name)
{
	for (size_t i = 0; i < a->names_n; i++)
		if (strcmp(a->names[i], name) == 0)
			return true;
	return a->names_n == 0;
}

/* All that anybody knows of, each once. */
static void
choose(struct held *h, const struct verb_args *a)
{
	const struct state *state = &h->store.state;
	struct names all = {
	    .v = xcalloc(h->inv.n + state->n + h->lock.n + a->names_n,
		sizeof(*all.v))};

	for (size_t i = 0; i < h->inv.n; i++)
		if (h->inv.v[i].in.found != FOUND_NOTHING ||
		    h->inv.v[i].err.kind != ERR_NONE)
			all.v[all.n++] = h->inv.v[i].name;
	for (size_t i = 0; i < state->n; i++)
		all.v[all.n++] = state->v[i].name;
	for (size_t i = 0; i < h->lock.n; i++)
		all.v[all.n++] = h->lock.v[i].name;
	for (size_t i = 0; i < a->names_n; i++)
		all.v[all.n++] = a->names[i];
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), by_text);
	h->v.v = xcalloc(all.n, sizeof(*h->v.v));
	for (size_t i = 0; i < all.n; i++) {
		if (i > 0 && strcmp(all.v[i], all.v[i - 1]) == 0)
			continue;
		if (is_named(a, all.v[i]) && !holds_others(&all, i))
			add(h, all.v[i]);
	}
	free(all.v);
}

/* ---- what they are ---- */

/* The lock file is one of several reasons to look at a name. */
static int
look(struct held *h, const struct verb_args *a, struct error *err)
{
	const char **more = xcalloc(a->names_n + h->lock.n, sizeof(*more));
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < a->names_n; i++)
		more[n++] = a->names[i];
	for (size_t i = 0; i < h->lock.n; i++)
		more[n++] = h->lock.v[i].name;
	rc = inventory_make(&h->inv, &h->store, more, n, err);
	free(more);
	return rc;
}

static int
load_lock(struct held *h, const struct verb_args *a, struct error *err)
{
	const char *file =
	    a->files_n == 1 ? a->files[0] : install_default_file();

	if (a->files_n > 1 || (file != NULL && strcmp(file, "-") == 0))
		return error_set(err, ERR_USAGE,
		    "a lock file belongs to one requirements file: name one "
		    "with -r");
	if (file == NULL)
		return 0;
	h->lock_path = lockfile_path(file);
	if (lockfile_load(&h->lock, h->lock_path, err) == 0)
		h->v.lock = h->lock_path;
	else if (err->kind != ERR_NOTFOUND)
		return -1;
	/* A file need not have one, but with a typing error nothing has. */
	else if (access(file, F_OK) == -1)
		return error_errno(err, "'%s'", file);
	err->kind = ERR_NONE;
	return 0;
}

/* The exit status. */
static int
judge_all(struct held *h, const struct verb_args *a)
{
	bool read = verify_digests(&h->v), differs = false;
	int signo;

	for (size_t i = 0; i < h->v.n; i++) {
		verify_judge(&h->v, &h->v.v[i]);
		differs = differs || h->v.v[i].found != 0;
	}
	signo = verify_files(&h->v, &a->config);
	if (signo != 0)
		return 128 + signo;
	if (a->json)
		verify_object(&h->v);
	else
		verify_lines(&h->v);
	return !read ? 2 : differs ? 1 : 0;
}

static void
paths_free(struct paths *paths)
{
	while (paths->n > 0)
		free(paths->v[--paths->n]);
	free(paths->v);
}

static void
held_free(struct held *h)
{
	for (size_t i = 0; i < h->v.n; i++) {
		free(h->v.v[i].why);
		paths_free(&h->v.v[i].changed);
		paths_free(&h->v.v[i].added);
		paths_free(&h->v.v[i].gone);
	}
	free(h->v.v);
	free(h->lock_path);
	lockfile_free(&h->lock);
	inventory_free(&h->inv);
}

static int
verify(struct verb_args *a, struct error *err)
{
	struct held h = {.v = {.store = &h.store}};
	struct error ignored;
	int status = 2;

	if (verb_check_names(a) == -1 || verb_config(a, err) == -1 ||
	    store_open(&h.store, a->config.roles_path, err) == -1)
		return 2;
	if (load_lock(&h, a, err) == -1 || look(&h, a, err) == -1)
		goto out;
	if (h.store.rolesfd == -1 && h.v.lock == NULL) {
		(void)error_set(err, ERR_NOTFOUND,
		    "there is no roles directory '%s'", h.store.path);
		goto out;
	}
	choose(&h, a);
	status = judge_all(&h, a);
out:
	held_free(&h);
	(void)store_close(&h.store, &ignored);
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	static const struct verb verb = {.takes = "prJSqv",
	    .help = verify_help,
	    .act = verify};

	return verb_run(&verb, argc, argv, err);
}

const struct command cmd_verify = {"verify", run, verify_help};
