#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/ssh.h"
#include "ssh_priv.h"

#define CONNECT_MAX 30 /* seconds */

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

static enum ssh_variant
variant_named(const char *name, size_t len)
{
	static const struct {
		const char *name;
		enum ssh_variant variant;
	} known[] = {
	    {"ssh", SSH_OPENSSH},
	    {"plink", SSH_PLINK},
	    {"putty", SSH_PLINK},
	    {"tortoiseplink", SSH_PLINK},
	    {"simple", SSH_SIMPLE},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == len &&
		    strncmp(known[i].name, name, len) == 0)
			return known[i].variant;
	return SSH_AUTO;
}

/* The name of the program, without its directories. */
static enum ssh_variant
variant_of(const struct ssh_command *c)
{
	size_t len = c->shell ? strcspn(c->text, " \t") : strlen(c->text);
	const char *slash = memrchr(c->text, '/', len);
	const char *name = slash != NULL ? slash + 1 : c->text;

	return variant_named(name, len - (size_t)(name - c->text));
}

void
ssh_command_find(struct ssh_command *c, const struct ssh_opts *opts)
{
	const char *text = environment("GIT_SSH_COMMAND");
	const char *variant = environment("GIT_SSH_VARIANT");

	if (text == NULL)
		text = opts->command;
	c->shell = text != NULL;
	if (text == NULL)
		text = environment("GIT_SSH");
	c->text = xstrdup(text != NULL ? text : "ssh");
	if (variant == NULL)
		variant = opts->variant;
	if (variant == NULL)
		c->variant = variant_of(c);
	else if (strcmp(variant, "auto") == 0)
		c->variant = SSH_AUTO;
	else {
		c->variant = variant_named(variant, strlen(variant));
		if (c->variant == SSH_AUTO)
			c->variant = SSH_OPENSSH;
	}
}

void
ssh_args_add(struct ssh_args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (a->n + 1 == sizeof(a->v) / sizeof(a->v[0]))
		abort();
	if (vasprintf(&a->v[a->n++], fmt, ap) == -1)
		out_of_memory();
	va_end(ap);
}

/*
 * Where the shell has nothing to do but to find the words, it is to become
 * ssh: some shells stay and wait, and are what ends with us in its place.
 */
static const char *
prefix(const struct ssh_command *c)
{
	bool words = strpbrk(c->text, ";&|<>()`\n") == NULL;

	return words && variant_of(c) == SSH_OPENSSH ? "exec " : "";
}

void
ssh_args_begin(struct ssh_args *a, const struct ssh_command *c)
{
	if (c->shell) {
		ssh_args_add(a, "sh");
		ssh_args_add(a, "-c");
		ssh_args_add(a, "%s%s \"$@\"", prefix(c), c->text);
	}
	ssh_args_add(a, "%s", c->text);
}

static void
option(struct ssh_args *a, const char *value)
{
	ssh_args_add(a, "-o");
	ssh_args_add(a, "%s", value);
}

void
ssh_args_options(struct ssh_args *a, unsigned timeout, const char *socket)
{
	unsigned connect = timeout < CONNECT_MAX ? timeout : CONNECT_MAX;

	option(a, "BatchMode=yes");
	option(a, "ClearAllForwardings=yes");
	option(a, "SendEnv=GIT_PROTOCOL");
	option(a, "ControlPersist=no");
	ssh_args_add(a, "-o");
	ssh_args_add(a, "ConnectTimeout=%u", connect != 0 ? connect : 1);
	/* Without a master of ours one that the user has open is used. */
	if (socket == NULL)
		return;
	ssh_args_add(a, "-S");
	ssh_args_add(a, "%s", socket);
}

void
ssh_args_host(struct ssh_args *a, enum ssh_variant variant,
    const struct url_ssh *u)
{
	if (variant == SSH_PLINK)
		ssh_args_add(a, "-batch");
	if (u->port != NULL && variant != SSH_SIMPLE) {
		ssh_args_add(a, variant == SSH_PLINK ? "-P" : "-p");
		ssh_args_add(a, "%s", u->port);
	}
	if (variant == SSH_OPENSSH)
		ssh_args_add(a, "--");
	if (u->user != NULL)
		ssh_args_add(a, "%s@%s", u->user, u->host);
	else
		ssh_args_add(a, "%s", u->host);
}

/* What some shells see even inside quotes gets a backslash, as git does. */
void
ssh_args_service(struct ssh_args *a, const char *path)
{
	struct buf b = {0};

	buf_puts(&b, "git-upload-pack '");
	for (; *path != '\0'; path++) {
		if (*path == '\'' || *path == '!')
			buf_printf(&b, "'\\%c'", *path);
		else
			buf_add(&b, path, 1);
	}
	buf_puts(&b, "'");
	ssh_args_add(a, "%s", b.data);
	buf_free(&b);
}

void
ssh_args_free(struct ssh_args *a)
{
	while (a->n != 0)
		free(a->v[--a->n]);
}
