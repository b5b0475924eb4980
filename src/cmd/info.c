#include "cmd/info.h"

#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/inventory.h"
#include "kelpie/jsonout.h"
#include "kelpie/state.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

static const char info_help[] =
    "usage: kelpie info [-qv] [-p path] [--json] name ...\n"
    "\n"
    "Show what is known of roles that are in place: where each comes from, when\n"
    "it was installed, whether it was edited since, what it depends on, and\n"
    "what it says of itself.  Asks no server.\n"
    "\n"
    "  -p, --roles-path DIR    of DIR alone\n"
    "      --json              as JSON\n"
    "      --sandbox WORD      how its process that reads them is confined:\n"
    "                          auto, require or off, as for install\n"
    "  -q, --quiet             only errors, and the exit status\n"
    "  -v, --verbose           also how that process is confined\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

struct info {
	const struct verb_args *args;
	struct jsonout json;
	size_t said;
};

static void
show(struct info *info, const struct facts *f)
{
	struct error fault = {.kind = ERR_NONE};

	if (f->about.fault != NULL) {
		(void)error_set(&fault, ERR_CONFIG, "%s: %s", f->p->name,
		    f->about.fault);
		ui_warn("%s", fault.msg);
	}
	if (info->args->json) {
		info_object(&info->json, f);
		return;
	}
	if (info->said++ > 0)
		ui_info("%s", "");
	info_lines(f);
}

static int
tell(struct info *info, const struct store *s, const struct present *p,
    struct error *err)
{
	struct facts f = {.dir = s->path, .p = p, .edited = -1};

	if (about_read(&f.about, s->path, p->name, p->in.found == FOUND_LINK,
		err) == -1)
		return -1;
	if (p->in.found == FOUND_INSTALLED)
		f.edited = store_edited(s, p->name, p->in.info);
	f.needs = f.about.needs;
	if (f.needs == NULL && p->record != NULL)
		f.needs = p->record->needs;
	show(info, &f);
	about_free(&f.about);
	return 0;
}

/* Returns 1 if the directory has no role of this name. */
static int
look_in(struct info *info, const char *path, const char *name,
    struct error *err)
{
	struct error ignored;
	struct present p;
	struct store s;
	int rc = 1;

	if (store_open(&s, path, err) == -1)
		return -1;
	present_look(&p, &s, name);
	if (p.err.kind != ERR_NONE) {
		*err = p.err;
		rc = -1;
	} else if (present_is_role(&p)) {
		rc = tell(info, &s, &p, err);
	}
	present_free(&p);
	(void)store_close(&s, &ignored);
	return rc;
}

static int
look(struct info *info, char *const *paths, const char *name, struct error *err)
{
	int rc = 1;

	for (; rc == 1 && *paths != NULL; paths++)
		rc = look_in(info, *paths, name, err);
	if (rc == 1)
		rc = error_set(err, ERR_NOTFOUND, "is not installed");
	return rc == 0 ? 0 : error_wrap(err, "%s", name);
}

static int
act(struct verb_args *a, struct error *err)
{
	struct info info = {.args = a};
	struct error why;
	char **paths;
	int status = 0;
	size_t i;

	if (verb_check_names(a) == -1 || verb_config(a, err) == -1)
		return err->kind == ERR_USAGE ? 2 : 1;
	paths = verb_paths(&a->config, NULL);
	jsonout_begin(&info.json, NULL, '{');
	jsonout_begin(&info.json, "roles", '[');
	for (i = 0; i < a->names_n; i++)
		if (look(&info, paths, a->names[i], &why) == -1) {
			ui_error(&why);
			status = 1;
		}
	jsonout_end(&info.json, ']');
	jsonout_end(&info.json, '}');
	if (a->json)
		verb_write(&info.json);
	buf_free(&info.json.text);
	free(paths);
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	static const struct verb verb = {.takes = "pJSqv",
	    .help = info_help,
	    .act = act,
	    .one_name = "name the roles to show"};

	return verb_run(&verb, argc, argv, err);
}

const struct command cmd_info = {"info", run, info_help};
