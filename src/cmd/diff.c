/*
 * kelpie diff: what was changed by hand in a role, or what another version
 * would bring.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "cmd/cmd.h"
#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/install_verb.h"
#include "cmd/remake.h"
#include "cmd/scratch.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/fetch_module.h"
#include "kelpie/inventory.h"
#include "kelpie/proc.h"
#include "kelpie/rules.h"
#include "kelpie/sandbox.h"
#include "kelpie/store.h"
#include "kelpie/ui.h"

#define DIFF_MAX ((size_t)64 << 20)
#define DIFF_MS 60000

static const struct option options[] = {
    {"roles-path", required_argument, NULL, 'p'},
    {NULL, 0, NULL, 0},
};

static const char diff_help[] =
    "usage: kelpie diff [-cqv] [-p path] [-s server] name [version]\n"
    "\n"
    "Show what was changed by hand in a role since it was installed, or what\n"
    "an update to a version would bring: from what is in place to that\n"
    "version, which may be a tag, a branch, a commit or a range.  What it is\n"
    "compared with is fetched, or comes from the cache; nothing is installed.\n"
    "The exit status is 0 if nothing differs, 1 if something does, 2 if that\n"
    "cannot be found out.\n"
    "\n"
    "  -p, --roles-path DIR    the role in DIR\n"
    "  -q, --quiet             only failures and warnings\n"
    "      --offline           ask no server; the cache may have it\n"
    "\n"
    "Options about servers, limits and output are those of kelpie install: -s,\n"
    "-c, -v, --token, --ca-file, --timeout, --retries, --mirror, --no-cache,\n"
    "--ask, --sandbox and the limits.\n"
    "\n"
    "kelpie(1) tells more.\n";

/* One run. */
struct diff {
	struct install_args *args;
	const char *name, *version; /* version: or NULL */
	struct store store;
	struct present p;
	const struct record *record; /* what was installed */
	struct remake made;
	struct buf text; /* as fetch/diff.h has it */
};

/* Install info of another tool means that the role is its, too. */
static int
find_record(struct diff *d, struct error *err)
{
	const struct record *r = state_find(&d->store.state, d->name);

	if (d->p.err.kind != ERR_NONE) {
		*err = d->p.err;
		return -1;
	}
	if (d->p.in.found == FOUND_NOTHING)
		return error_set(err, ERR_NOTFOUND, "is not installed");
	if (d->p.in.found == FOUND_LINK)
		return error_set(err, ERR_REFUSED,
		    "is a link to '%s', and no files of it are here",
		    d->p.target);
	if (r == NULL || (d->p.record == NULL && d->p.in.info != NULL))
		return error_set(err, ERR_REFUSED,
		    "nobody knows what it was: %s; kelpie install -f replaces "
		    "it by what the requirements file asks for",
		    d->store.foreign ?
			"another user could have written what .kelpie says" :
			d->p.in.info != NULL ? "another tool installed it" :
					       "no tool installed it");
	d->record = r;
	return 0;
}

/* The words of the engine are about a lock file; here it is a record. */
static int
explain(const struct record *r, const struct error *why, struct error *err)
{
	*err = *why;
	if (strstr(why->msg, "lock file") == NULL)
		return -1;
	if (why->kind == ERR_NOTFOUND)
		return error_set(err, ERR_NOTFOUND,
		    "commit %s, as which it was installed, is not at '%s' any "
		    "more",
		    r->commit, r->src);
	return error_set(err, why->kind,
	    "what '%s' has as that version now is not what was installed",
	    r->src);
}

/* What no commit names may be another thing by now. */
static int
check_made(const struct diff *d, struct error *err)
{
	const struct record *r = d->record;
	const struct error *why = ui_failure(d->name);
	struct walked walked;
	int dir, fd, rc;

	if (why != NULL)
		return explain(r, why, err);
	if (d->version != NULL)
		return 0;
	dir = open(d->made.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = dir != -1 ? below_open(dir, d->name) : -1;
	rc = fd != -1 ? walk_digest(fd, &walked, err) :
			error_errno(err, "open '%s'", d->made.dir);
	if (fd != -1)
		(void)close(fd);
	if (dir != -1)
		(void)close(dir);
	if (rc == -1 || strcmp(walked.digest, r->digest) == 0)
		return rc;
	return error_set(err, ERR_REFUSED,
	    "'%s' is not what it was when it was copied from there, so nobody "
	    "knows what was changed here",
	    r->src);
}

static int
make_text(struct diff *d, struct error *err)
{
	static const struct proc_bounds bounds = {DIFF_MAX, DIFF_MS,
	    &scratch_signal};
	const struct fetch_module *module = fetch_load(err);
	struct fetch_trees trees = {d->made.dir, d->store.path, d->name,
	    sandbox_chosen()};

	if (module == NULL)
		return -1;
	if (d->version != NULL) {
		trees.from = d->store.path;
		trees.to = d->made.dir;
	}
	if (proc_call_until(module->diff, &trees, &d->text, &bounds, err) == 0)
		return 0;
	return error_wrap(err, "the diff");
}

/* What it is compared with is there no longer than it is needed. */
static int
compare(struct diff *d, struct error *err)
{
	struct install_opts opts = d->args->opts;
	int rc = -1, signo;

	if (find_record(d, err) == -1 ||
	    remake_add(&d->made, d->record, d->version, err) == -1)
		return -1;
	install_take_config(&opts, &d->args->config);
	signo = remake_run(&d->made, &opts, err);
	if (d->made.dir != NULL && err->kind == ERR_NONE && signo == 0 &&
	    check_made(d, err) == 0)
		rc = make_text(d, err);
	remake_free(&d->made);
	return signo != 0 ? signo : rc;
}

/* 1 if there are lines, 0 if not, -1 if it broke off. */
static int
show(const struct buf *text, struct error *err)
{
	const char *line = text->data, *lf;
	size_t left = text->len;

	for (; left > 0; left -= (size_t)(lf + 1 - line), line = lf + 1) {
		lf = memchr(line, '\n', left);
		if (lf == NULL || lf == line)
			return error_set(err, ERR_CHILD,
			    "a child broke the protocol");
		if (*line == '!')
			return error_set(err, ERR_LOCAL, "%.*s",
			    (int)(lf - line - 1), line + 1);
		ui_diff(*line, line + 1, (size_t)(lf - line - 1));
	}
	return text->len > 0;
}

static int
diff(struct diff *d, struct error *err)
{
	struct error ignored;
	int rc;

	if (store_open(&d->store, d->args->opts.path, err) == -1)
		return 2;
	present_look(&d->p, &d->store, d->name);
	rc = compare(d, err);
	if (rc == 0)
		rc = show(&d->text, err);
	else if (rc > 0)
		rc += 128;
	present_free(&d->p);
	(void)store_close(&d->store, &ignored);
	buf_free(&d->text);
	if (rc != -1)
		return rc;
	(void)error_wrap(err, "%s", d->name);
	return 2;
}

static int
begin(struct install_args *a, struct error *err)
{
	struct diff d = {.args = a};

	if (a->names_n < 1 || a->names_n > 2) {
		(void)error_set(err, ERR_USAGE,
		    "name one role, and a version if you like; see kelpie "
		    "diff --help");
		return 2;
	}
	d.name = a->names[0];
	if (a->names_n > 1)
		d.version = a->names[1];
	ui_open((enum ui_level)(a->level > UI_VERBOSE ? UI_VERBOSE : a->level));
	if (name_check(d.name, err) == -1 || config_load(&a->config, err) == -1)
		return 2;
	if (a->config.warning != NULL)
		ui_warn("%s", a->config.warning);
	if (command_sandbox(&a->config, err) == -1)
		return 2;
	a->opts.path = a->config.roles_path;
	return diff(&d, err);
}

static const struct install_verb verb = {
    .options = options,
    .fetches = true,
    .help = diff_help,
    .act = begin,
};

static int
run(int argc, char **argv, struct error *err)
{
	return install_verb(&verb, argc, argv, err);
}

const struct command cmd_diff = {"diff", run, diff_help};
