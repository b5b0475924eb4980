#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

static const char remove_help[] =
    "usage: kelpie remove [-fq] [-p path] name ...\n"
    "\n"
    "Remove roles, each from the first of the configured roles paths that has\n"
    "it.  What is no role is never removed, and no symbolic link but those\n"
    "that kelpie made; what a link leads to stays in any case.\n"
    "\n"
    "  -p, --roles-path DIR    from DIR alone\n"
    "  -f, --force             also roles that were edited by hand, and those\n"
    "                          that no tool installed\n"
    "      --lock-wait SECONDS  wait no longer for another kelpie\n"
    "  -q, --quiet             only failures and warnings\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

/*
 * The roles directories of one run: each is opened when a name was not found
 * in those before it, and locked when the first role of it is to go.
 */
struct places {
	char **path; /* NULL ends */
	struct store *store;
	size_t n; /* that are open */
	const struct verb_args *args;
};

/* What was removed is in trash until then. */
static int
places_close(struct places *ps, struct error *err)
{
	struct error late;
	size_t i;
	int rc = 0;

	for (i = 0; i < ps->n; i++)
		if (store_close(&ps->store[i], &late) == -1) {
			if (err->kind == ERR_NONE)
				*err = late;
			rc = -1;
		}
	free(ps->store);
	free(ps->path);
	return rc;
}

static bool
has(const struct store *s, const char *name)
{
	struct present p;
	bool is;

	present_look(&p, s, name);
	is = p.in.found != FOUND_NOTHING || p.err.kind != ERR_NONE;
	present_free(&p);
	return is;
}

/* The first that has anything of this name. */
static struct store *
find(struct places *ps, const char *name, struct error *err)
{
	size_t i;

	for (i = 0; ps->path[i] != NULL; i++) {
		if (i == ps->n) {
			ps->store =
			    xreallocarray(ps->store, i + 1, sizeof(*ps->store));
			if (store_open(&ps->store[i], ps->path[i], err) == -1)
				return NULL;
			ps->n++;
		}
		if (has(&ps->store[i], name))
			return &ps->store[i];
	}
	(void)error_set(err, ERR_NOTFOUND, "is not installed");
	return NULL;
}

static int
check_kept(const struct store *s, const struct present *p, struct error *err)
{
	if (p->err.kind != ERR_NONE) {
		*err = p->err;
		return -1;
	}
	if (p->in.found == FOUND_ROLE)
		return error_set(err, ERR_REFUSED,
		    "no tool installed this role, so nothing could bring it "
		    "back; -f removes it");
	if (p->in.found == FOUND_INSTALLED &&
	    store_edited(s, p->name, p->in.info) == 1)
		return error_set(err, ERR_REFUSED,
		    "edited by hand since it was installed; -f removes it");
	return 0;
}

static int
remove_from(struct store *s, const char *name, bool force, struct error *err)
{
	struct present p;
	char *version;
	int rc;

	present_look(&p, s, name);
	/* Borrowed from the record, which goes. */
	version = xstrdup_null(present_version(&p));
	rc = force ? 0 : check_kept(s, &p, err);
	if (rc == 0)
		rc = store_remove(s, name, err);
	if (rc == 0)
		ui_info("%s: removed%s%s", name, version != NULL ? " " : "",
		    version != NULL ? version : "");
	free(version);
	present_free(&p);
	return rc;
}

static int
remove_one(struct places *ps, const char *name, struct error *err)
{
	struct store *s = find(ps, name, err);
	int status = 1;

	if (s != NULL)
		status =
		    verb_lock(s, ps->args->config.value[CONFIG_LOCK_WAIT], err);
	if (s != NULL && status == 0)
		status =
		    remove_from(s, name, ps->args->force, err) == 0 ? 0 : 1;
	if (status != 0)
		(void)error_wrap(err, "%s", name);
	return status;
}

static int
remove_all(struct places *ps)
{
	const struct verb_args *a = ps->args;
	struct error err;
	int status = 0, one;
	size_t i;

	for (i = 0; i < a->names_n; i++) {
		err = (struct error){.kind = ERR_NONE};
		one = remove_one(ps, a->names[i], &err);
		if (one != 0)
			ui_error(&err);
		status = one > status ? one : status;
	}
	return status;
}

static int
act(struct verb_args *a, struct error *err)
{
	struct places places = {.args = a};
	int status;

	if (verb_check_names(a) == -1 || verb_config(a, err) == -1)
		return err->kind == ERR_USAGE ? 2 : 1;
	places.path = verb_paths(&a->config, NULL);
	status = remove_all(&places);
	if (places_close(&places, err) == -1 && status == 0)
		status = 1;
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	static const struct verb verb = {.takes = "pfWq",
	    .help = remove_help,
	    .act = act,
	    .one_name = "name the roles to remove"};

	return verb_run(&verb, argc, argv, err);
}

const struct command cmd_remove = {"remove", run, remove_help};
