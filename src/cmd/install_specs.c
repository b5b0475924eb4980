#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/install.h"
#include "cmd/install_args.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/fetch.h"
#include "kelpie/gitconfig.h"
#include "kelpie/install.h"
#include "kelpie/spec.h"
#include "kelpie/ui.h"

static void
remember_others(struct asked *out, const bool *keep)
{
	const struct specs *specs = &out->specs;

	out->others = xcalloc(specs->n, sizeof(*out->others));
	for (size_t i = 0; i < specs->n; i++)
		if (!keep[i])
			out->others[out->others_n++] =
			    xstrdup(specs->v[i].name);
}

/* Keep only the named roles; a name that no file has is a fault. */
static void
narrow(struct asked *out, const struct install_args *a, struct faults *faults)
{
	struct specs *specs = &out->specs;
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
	remember_others(out, keep);
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
	enum job_kind kind;
	struct error ignored;
	int rc = fetch_kind(spec, &kind, err);

	if (rc == 0)
		return 0;
	if (*config == NULL)
		*config = install_config(&ignored);
	if (*config == NULL)
		return -1;
	real.src = gitconfig_rewrite(*config, spec->src);
	if (strcmp(real.src, spec->src) != 0)
		rc = fetch_kind(&real, &kind, err);
	free(real.src);
	return rc;
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

/* A file; those with collections are remembered. */
static void
load(struct asked *out, const char *file, struct faults *faults)
{
	size_t before = out->specs.collections;

	specs_load(&out->specs, file, faults);
	if (out->specs.collections == before)
		return;
	out->collections = xreallocarray(out->collections, out->n + 1,
	    sizeof(*out->collections));
	out->collections[out->n++] = file;
}

/* What the current directory asks for. */
static int
look_here(struct asked *out, const struct install_args *a,
    struct faults *faults, struct error *err)
{
	const char *file = install_default_file(), *config = NULL;

	out->in_kennel =
	    a->from == NULL && kennel_find(a->kennel.config_file, &config);
	if (out->in_kennel) {
		if (file != NULL && a->kennel.config_file == NULL)
			ui_warn("%s is here, so '%s' is not read; -r reads it",
			    config, file);
		return kennel_gather(&out->kennel, config, &out->specs, faults,
		    err);
	}
	if (file == NULL && a->from != NULL)
		return 0;
	if (file == NULL)
		return error_set(err, ERR_USAGE,
		    "there is no requirements.yml here; name a file with -r, "
		    "or what to install");
	if (access("pupfile.yml", F_OK) == 0)
		ui_warn("%s is here, so 'pupfile.yml' is not read; a "
			"kennel.cfg, even an empty one, changes that",
		    file);
	load(out, file, faults);
	out->file = file;
	return 0;
}

int
install_asked(struct asked *out, struct install_args *a, struct faults *faults,
    struct error *err)
{
	size_t i;

	for (i = 0; i < a->files_n; i++)
		load(out, a->files[i], faults);
	if (a->files_n == 1 && strcmp(a->files[0], "-") != 0)
		out->file = a->files[0];
	if (a->files_n == 0 && a->names_n > 0)
		for (i = 0; i < a->names_n; i++)
			specs_add(&out->specs, a->names[i], faults);
	if (a->files_n == 0 && a->names_n == 0 &&
	    look_here(out, a, faults, err) == -1)
		return -1;
	specs_check(&out->specs, faults);
	if (a->files_n > 0 && a->names_n > 0 && faults->n == 0)
		narrow(out, a, faults);
	/* What was an archive there need not lie here. */
	if (a->from == NULL)
		check_kinds(&a->opts.config, &out->specs, faults);
	return 0;
}

void
install_asked_free(struct asked *asked)
{
	specs_free(&asked->specs);
	while (asked->others_n > 0)
		free(asked->others[--asked->others_n]);
	free(asked->others);
	free(asked->collections);
	kennel_free(&asked->kennel);
}
