#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/install_args.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/fetch.h"
#include "kelpie/gitconfig.h"
#include "kelpie/install.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

/* Keep only the named roles; a name that no file has is a fault. */
static void
narrow(struct specs *specs, const struct install_args *a, struct faults *faults)
{
	bool *keep = xcalloc(specs->n, sizeof(*keep));
	struct error err;
	size_t i, j;
	bool found;

	for (j = 0; j < a->names_n; j++) {
		found = false;
		for (i = 0; i < specs->n; i++) {
			if (strcmp(specs->v[i].name, a->names[j]) != 0)
				continue;
			keep[i] = found = true;
		}
		if (found)
			continue;
		(void)error_set(&err, ERR_CONFIG,
		    "'%s' is not in the requirements file", a->names[j]);
		faults_add(faults, &err);
	}
	specs_keep(specs, keep);
	free(keep);
}

/*
 * A source that no kind fetches is a fault of the file like any other, but
 * may be an abbreviation of the user's: url.<base>.insteadOf.
 */
static int
check_kind(struct gitconfig **config, const struct spec *spec,
    struct error *err)
{
	struct spec real = *spec;
	const struct kind *kind = fetch_kind(spec, err);
	struct error ignored;

	if (kind != NULL)
		return 0;
	if (*config == NULL)
		*config = install_config(&ignored);
	if (*config == NULL)
		return -1;
	real.src = gitconfig_rewrite(*config, spec->src);
	if (strcmp(real.src, spec->src) != 0)
		kind = fetch_kind(&real, err);
	free(real.src);
	return kind != NULL ? 0 : -1;
}

static void
check_kinds(struct gitconfig **config, const struct specs *specs,
    struct faults *faults)
{
	struct error err;
	size_t i;

	for (i = 0; i < specs->n; i++) {
		if (check_kind(config, &specs->v[i], &err) == 0)
			continue;
		(void)error_wrap(&err, "%s", specs->v[i].where);
		faults_add(faults, &err);
	}
}

static int
gather(struct specs *specs, struct install_args *a, struct faults *faults,
    struct error *err)
{
	const char *file;
	size_t i;

	for (i = 0; i < a->files_n; i++)
		specs_load(specs, a->files[i], faults);
	if (a->files_n == 0 && a->names_n > 0)
		for (i = 0; i < a->names_n; i++)
			specs_add(specs, a->names[i], faults);
	if (a->files_n == 0 && a->names_n == 0) {
		file = install_default_file();
		if (file == NULL)
			return error_set(err, ERR_USAGE,
			    "there is no requirements.yml here; name a file "
			    "with -r, or what to install");
		specs_load(specs, file, faults);
	}
	specs_check(specs, faults);
	if (a->files_n > 0 && a->names_n > 0 && faults->n == 0)
		narrow(specs, a, faults);
	check_kinds(&a->opts.config, specs, faults);
	return 0;
}

static void
tell_specs(const struct specs *specs)
{
	size_t i;

	for (i = 0; i < specs->notes_n; i++)
		ui_note("%s", specs->notes[i]);
	if (specs->collections > 0)
		ui_warn("%s: collections are not handled yet: %zu left out; "
			"ansible-galaxy collection install takes them",
		    specs->collections_where, specs->collections);
}

static void
take_config(struct install_opts *opts, const struct config *c)
{
	opts->path = c->roles_path;
	opts->jobs = (unsigned)c->value[CONFIG_JOBS];
	opts->per_host = (unsigned)c->value[CONFIG_PER_HOST];
	opts->timeout = (unsigned)c->value[CONFIG_TIMEOUT];
	opts->retries = (unsigned)c->value[CONFIG_RETRIES];
	opts->no_cache = c->value[CONFIG_NO_CACHE] == 1;
	opts->offline = c->value[CONFIG_OFFLINE] == 1;
}

static int
install(struct install_args *a, const struct specs *specs, struct error *err)
{
	tell_specs(specs);
	if (config_load(&a->config, err) == -1)
		return err->kind == ERR_USAGE ? 2 : 1;
	if (a->config.warning != NULL)
		ui_warn("%s", a->config.warning);
	take_config(&a->opts, &a->config);
	return install_run(&a->opts, specs, err);
}

static int
run(int argc, char **argv, struct error *err)
{
	struct install_args a;
	struct specs specs = {0};
	struct faults faults = {0};
	int status = 2;
	size_t i;

	if (install_args(&a, argc, argv, err) == -1)
		goto out;
	if (a.help) {
		(void)fputs(install_help, stdout);
		status = 0;
		goto out;
	}
	ui_open((enum ui_level)(a.level > UI_VERBOSE ? UI_VERBOSE : a.level));
	if (gather(&specs, &a, &faults, err) == -1)
		goto out;
	for (i = 0; i < faults.n; i++)
		ui_error(&faults.v[i]);
	status = faults.n > 0 ? 1 : install(&a, &specs, err);
out:
	config_free(&a.config);
	free(a.files);
	gitconfig_free(a.opts.config);
	specs_free(&specs);
	faults_free(&faults);
	return status;
}

const struct command cmd_install = {"install", run, install_help};
