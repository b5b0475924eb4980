#include "cmd/install.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/download.h"
#include "cmd/from.h"
#include "cmd/install_args.h"
#include "cmd/locking.h"
#include "cmd/scratch.h"
#include "cmd/writing.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/gitconfig.h"
#include "kelpie/install.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

void
install_take_config(struct install_opts *opts, const struct config *c)
{
	opts->path = c->roles_path;
	opts->jobs = (unsigned)c->value[CONFIG_JOBS];
	opts->per_host = (unsigned)c->value[CONFIG_PER_HOST];
	opts->timeout = (unsigned)c->value[CONFIG_TIMEOUT];
	opts->retries = (unsigned)c->value[CONFIG_RETRIES];
	opts->lock_wait = c->value[CONFIG_LOCK_WAIT];
	opts->no_cache = c->value[CONFIG_NO_CACHE] == 1;
	opts->offline = c->value[CONFIG_OFFLINE] == 1;
	opts->ignore_certs = c->ignore_certs;
	opts->mirror = c->mirror;
	opts->server = c->server;
	opts->servers = c->servers;
}

/* Roles that failed are told of; with -i they are no failure of the run. */
static int
judge(const struct install_args *a, int status, struct error *err)
{
	if (status != 1 || err->kind != ERR_NONE)
		return status;
	if (a->ignore_errors && !a->galaxy)
		ui_warn(
		    "not all of the roles are in place, and --ignore-errors "
		    "says to exit with 0 all the same");
	if (!a->ignore_errors && a->galaxy)
		(void)error_set(err, ERR_NOTFOUND,
		    "- you can use --ignore-errors to skip failed roles and "
		    "finish processing the list.");
	return a->ignore_errors ? 0 : 1;
}

int
install_nowhere(const struct install_opts *opts, const struct specs *specs,
    enum ui_shape shape, struct error *err)
{
	struct install_opts nowhere = *opts;
	char *dir = scratch_make(err);
	int status = 1;

	nowhere.path = dir;
	nowhere.no_sync = true;
	ui_set_shape(shape, NULL);
	if (dir != NULL)
		status = install_run(&nowhere, specs, err);
	scratch_remove(dir);
	ui_set_shape(UI_OWN, NULL);
	return status;
}

static int
run_install(struct install_args *a, const struct asked *asked,
    struct error *err)
{
	enum ui_shape shape = a->dry_update || a->check ? UI_LOOK : UI_LOCK;
	int status;

	if (a->only_lock)
		return install_nowhere(&a->opts, &asked->specs, shape, err);
	status = install_run(&a->opts, &asked->specs, err);
	/* What came well is in place all the same. */
	if (status != 0 && a->is_update)
		ui_warn("not all went well, so the lock file%s as before",
		    a->write ? " and the requirements file stay" : " stays");
	return status;
}

/* The run itself, and what it changes in the user's files. */
static int
install_and_write(struct install_args *a, struct asked *asked,
    struct locking *lock, struct error *err)
{
	int status = 0;

	if (a->write)
		status = writing_begin(a, asked, lock, err);
	if (status == 0)
		status = run_install(a, asked, err);
	if (status == 0)
		locking_tell(lock, a);
	if (status == 0 && a->write && locking_unchanged(lock, err) == -1)
		status = 1;
	if (status == 0 && a->write)
		status = writing_end(a, asked, lock, err);
	return status;
}

static int
install_roles(struct install_args *a, struct asked *asked, struct error *err)
{
	struct locking lock;
	int status;

	if (a->galaxy) {
		ui_set_shape(UI_GALAXY, a->opts.path);
		ui_info("Starting galaxy role install process");
	}
	status = locking_begin(&lock, a, asked, err);
	if (status == 0 && a->download)
		status = download_roles(a, &asked->specs, &lock.was, err);
	else if (status == 0)
		status = install_and_write(a, asked, &lock, err);
	if (status == 0)
		status = locking_end(&lock, a, asked, err);
	locking_free(&lock);
	return judge(a, status, err);
}

/* The collections behind the roles, whose exit status is given. */
static int
install_rest(const struct install_args *a, const struct asked *asked,
    int status, struct error *err)
{
	int other;

	if (status > 1 || asked->n == 0)
		return status;
	/* It is another program that speaks now. */
	if (err->kind != ERR_NONE)
		ui_error(err);
	err->kind = ERR_NONE;
	other = install_collections(asked, a, err);
	return status != 0 ? status : other;
}

/* Does this command line ask for anything that its files have? */
static bool
nothing_asked(const struct install_args *a, const struct asked *asked)
{
	return asked->specs.n == 0 &&
	    (asked->n == 0 || a->role || a->config.given_path != NULL);
}

/* What had to be signed where it was locked. */
static void
warn_unsigned(const struct lockfile *lock)
{
	for (size_t i = 0; i < lock->n; i++)
		if (lock->v[i].tag != NULL)
			ui_warn("%s: its tag is not looked at: nothing here "
				"says who may have signed it, which a "
				"requirements file with verify does",
			    lock->v[i].name);
}

/* Nothing but what was downloaded is asked, and only for what is locked. */
static int
begin_from(struct install_args *a, struct asked *asked, struct from *from,
    struct error *err)
{
	if (a->from == NULL)
		return 0;
	asked->from = from;
	if (from_open(from, a->from, err) == -1)
		return -1;
	a->opts.from = from->path;
	a->opts.offline = a->opts.locked = true;
	if (asked->file != NULL || a->files_n > 0)
		return 0;
	for (size_t i = 0; i < from->lock.n; i++)
		from_add_spec(&asked->specs, &from->lock.v[i], from->lock_path);
	warn_unsigned(&from->lock);
	return 0;
}

static int
install(struct install_args *a, struct asked *asked, struct from *from,
    struct error *err)
{
	bool nothing;
	int status = 0;
	size_t i;

	for (i = 0; i < asked->specs.notes_n; i++)
		ui_note("%s", asked->specs.notes[i]);
	if (config_load(&a->config, err) == -1)
		return err->kind == ERR_USAGE ? 2 : 1;
	if (a->config.warning != NULL)
		ui_warn("%s", a->config.warning);
	if (command_sandbox(&a->config, err) == -1)
		return 2;
	install_take_config(&a->opts, &a->config);
	if (begin_from(a, asked, from, err) == -1)
		return 1;
	nothing = nothing_asked(a, asked);
	a->opts.kennel = asked->in_kennel;
	if (asked->in_kennel && a->config.given_path == NULL)
		a->opts.path = asked->kennel.roles;
	if (asked->specs.n > 0 || (nothing && !a->galaxy))
		status = a->act != NULL ? a->act(a, asked, err) :
					  install_roles(a, asked, err);
	if (asked->in_kennel && status == 0 && !a->opts.dry_run &&
	    a->act == NULL && !a->kennel.no_pip)
		status = kennel_pip(&a->opts, &asked->specs, a->level, err);
	status = install_rest(a, asked, status, err);
	if (nothing && a->galaxy)
		ui_info("Skipping install, no requirements found");
	return status;
}

int
install_all(struct install_args *a, struct error *err)
{
	struct asked asked = {0};
	struct from from = {0};
	struct faults faults = {0};
	int status = 2;
	size_t i;

	ui_open((enum ui_level)(a->level > UI_VERBOSE ? UI_VERBOSE : a->level));
	if (install_asked(&asked, a, &faults, err) == -1) {
		status = err->kind == ERR_USAGE ? 2 : 1;
		goto out;
	}
	for (i = 0; i < faults.n; i++)
		ui_error(&faults.v[i]);
	status = faults.n > 0 ? 1 : install(a, &asked, &from, err);
out:
	gitconfig_free(a->opts.config);
	a->opts.config = NULL;
	install_asked_free(&asked);
	from_close(&from);
	faults_free(&faults);
	return status;
}

static int
start(bool role, int argc, char **argv, struct error *err)
{
	struct install_args a;
	int status = 2;

	if (install_args(&a, &install_own, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(install_help, stdout);
		status = 0;
	} else if (a.keep_scm) {
		(void)error_set(err, ERR_USAGE,
		    "--keep-scm-meta: kelpie fetches no history and keeps no "
		    ".git; ansible-galaxy role install -g does");
	} else {
		a.role = role;
		status = install_all(&a, err);
	}
out:
	install_args_free(&a);
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	return start(false, argc, argv, err);
}

static int
run_role(int argc, char **argv, struct error *err)
{
	return start(true, argc, argv, err);
}

const struct command cmd_install = {"install", run, install_help};
const struct command cmd_role_install = {"install", run_role, install_help};
