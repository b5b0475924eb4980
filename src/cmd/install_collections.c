#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/install.h"
#include "cmd/install_args.h"
#include "cmd/next.h"
#include "kelpie/buf.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/ui.h"

/* What can be said to ansible-galaxy collection install, at the most. */
#define WORDS 32
#define LOUDEST 6 /* -vvvvvv */

struct words {
	const char **v;
	size_t n;
};

static void
add(struct words *w, const char *option, const char *value)
{
	w->v[w->n++] = option;
	if (value != NULL)
		w->v[w->n++] = value;
}

static void
add_if(struct words *w, bool yes, const char *option)
{
	if (yes)
		add(w, option, NULL);
}

/* The options that we were given, as far as they mean collections too. */
static struct words
words_for(const struct install_args *a, const char *file)
{
	struct words w = {.v = xcalloc(WORDS + a->extra_n, sizeof(*w.v))};
	const struct config *c = &a->config;
	int i;

	add(&w, "ansible-galaxy", "collection");
	add(&w, "install", NULL);
	add(&w, "-r", file);
	if (c->given_server != NULL)
		add(&w, "--server", c->given_server);
	if (c->given_token != NULL)
		add(&w, "--token", c->given_token);
	if (a->timeout != NULL)
		add(&w, "--timeout", a->timeout);
	add_if(&w, c->ignore_certs, "--ignore-certs");
	add_if(&w, a->opts.force && !a->opts.force_deps, "--force");
	add_if(&w, a->opts.force_deps, "--force-with-deps");
	add_if(&w, a->opts.no_deps, "--no-deps");
	add_if(&w, a->ignore_errors, "--ignore-errors");
	add_if(&w, c->value[CONFIG_OFFLINE] == 1, "--offline");
	for (i = 0; i < a->level && i < LOUDEST; i++)
		add(&w, "-v", NULL);
	for (size_t k = 0; k < a->extra_n; k++)
		add(&w, a->extra[k], NULL);
	return w;
}

/* Its own way to say that somebody pressed Ctrl-C is 99. */
static int
own_status(int status)
{
	if (status == 99)
		return 130;
	return status > 0 && status < 128 ? 1 : status;
}

static int
hand_on(const struct install_args *a, const char *next, const char *file,
    struct error *err)
{
	struct words w = words_for(a, file);
	int status;

	if (!a->galaxy)
		ui_info("collections of %s: ansible-galaxy collection install",
		    file);
	status = next_run(next, w.v, err);
	free(w.v);
	if (status == -1)
		return 1;
	return a->galaxy ? status : own_status(status);
}

/* The words of ansible-galaxy's own warning. */
static void
leave_out_galaxy(const struct install_args *a, const char *file)
{
	static const char text[] =
	    "The requirements file '%s' contains collections which will be "
	    "ignored. To install these collections run 'ansible-galaxy "
	    "collection install -r' or to install both at the same time run "
	    "'ansible-galaxy install -r' without a custom install path.";
	char *path = realpath(file, NULL);

	if (a->role)
		ui_note(text, path != NULL ? path : file);
	else
		ui_warn(text, path != NULL ? path : file);
	free(path);
}

/* Say it if they are not meant by this command line. */
static bool
left_out(const struct install_args *a, const char *file)
{
	bool named = a->names_n > 0 && !a->galaxy;

	if (!a->role && !named && a->config.given_path == NULL &&
	    !a->opts.dry_run && strcmp(file, "-") != 0)
		return false;
	if (a->galaxy)
		leave_out_galaxy(a, file);
	else if (strcmp(file, "-") == 0)
		ui_warn("the collections that standard input asks for are left "
			"out; write them to a file for ansible-galaxy "
			"collection install -r");
	else if (named)
		ui_note("the collections of %s are left out, as names were "
			"given",
		    file);
	else
		ui_warn("the collections of %s are left out; ansible-galaxy "
			"collection install -r %s takes them",
		    file, file);
	return true;
}

int
install_collections(const struct asked *asked, const struct install_args *a,
    struct error *err)
{
	char *next = next_galaxy();
	int status = 0, one;
	size_t i;

	for (i = 0; i < asked->n && status < 128; i++) {
		const char *file = asked->collections[i];

		if (left_out(a, file))
			continue;
		if (next != NULL) {
			one = hand_on(a, next, file, err);
			status = one != 0 ? one : status;
		} else {
			status = 1;
			(void)error_set(err, ERR_NOTFOUND,
			    "the collections of '%s' were NOT installed: "
			    "there is no %sansible-galaxy on PATH",
			    file, a->galaxy ? "other " : "");
		}
	}
	free(next);
	return status;
}
