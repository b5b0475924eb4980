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
#include "kelpie/install.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

static const char *
default_file(void)
{
	static const char *const names[] = {"requirements.yml",
	    "requirements.yaml", "roles/requirements.yml",
	    "roles/requirements.yaml"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (access(names[i], F_OK) == 0)
			return names[i];
	return NULL;
}

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

/* A source that no kind fetches is a fault of the file like any other. */
static void
check_kinds(const struct specs *specs, struct faults *faults)
{
	struct error err;
	size_t i;

	for (i = 0; i < specs->n; i++) {
		if (fetch_kind(&specs->v[i], &err) != NULL)
			continue;
		(void)error_wrap(&err, "%s", specs->v[i].where);
		faults_add(faults, &err);
	}
}

static int
gather(struct specs *specs, const struct install_args *a, struct faults *faults,
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
		file = default_file();
		if (file == NULL)
			return error_set(err, ERR_USAGE,
			    "there is no requirements.yml here; name a file "
			    "with -r, or what to install");
		specs_load(specs, file, faults);
	}
	specs_check(specs, faults);
	if (a->files_n > 0 && a->names_n > 0 && faults->n == 0)
		narrow(specs, a, faults);
	check_kinds(specs, faults);
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

static int
install(struct install_args *a, const struct specs *specs, struct error *err)
{
	char *path = NULL, *warning = NULL;
	int status = 1;

	tell_specs(specs);
	if (config_roles_path(&path, a->roles_path, &warning, err) == -1)
		goto out;
	if (warning != NULL)
		ui_warn("%s", warning);
	a->opts.path = path;
	status = install_run(&a->opts, specs, err);
out:
	free(path);
	free(warning);
	return status;
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
	free(a.files);
	specs_free(&specs);
	faults_free(&faults);
	return status;
}

const struct command cmd_install = {"install", run, install_help};
