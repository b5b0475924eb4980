/*
 * What roles in place depend on, where no record says so: another tool has
 * installed them, or they are links.  Their files came from strangers, so
 * they are read in a child that can do nothing but tell.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "install_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/meta.h"
#include "kelpie/proc.h"
#include "kelpie/sandbox.h"
#include "kelpie/spec.h"

#define TOLD_MAX ((size_t)16 << 20)
#define READ_MS 30000

struct reading {
	const struct run *run;
	const size_t *item; /* numbers of those to read */
	size_t n;
};

/* One line, and one character in front of it that says what it is. */
static void
tell(struct buf *out, char what, const char *text)
{
	buf_printf(out, "%c", what);
	for (; *text != '\0'; text++)
		buf_add(out, *text == '\n' ? " " : text, 1);
	buf_puts(out, "\n");
}

static void
read_role(struct buf *out, const char *roles, const char *name, bool pup)
{
	char *path = xasprintf("%s/%s", roles, name);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct specs specs = {0};
	struct faults faults = {0};
	struct buf line = {0};

	free(path);
	if (fd == -1)
		return;
	meta_needs(fd, pup, &specs, &faults);
	(void)close(fd);
	for (size_t i = 0; i < specs.n; i++) {
		buf_clear(&line);
		spec_pack(&line, &specs.v[i]);
		tell(out, '+', line.data);
	}
	for (size_t i = 0; i < faults.n; i++)
		tell(out, '!', faults.v[i].msg);
	specs_free(&specs);
	faults_free(&faults);
	buf_free(&line);
}

/* In the child. */
static int
read_all(int fd, void *ctx)
{
	static const char *const read[] = {"/", NULL};
	static const uint16_t ports[] = {0};
	const struct sandbox box = {.write_dir = -1,
	    .read = read,
	    .ports = ports,
	    .file_max = 0};
	const struct reading *r = ctx;
	const struct run *run = r->run;
	struct buf out = {0};
	struct error err;
	char number[32];

	if (sandbox_enter(&box, &err) == -1)
		return 1;
	for (size_t i = 0; i < r->n; i++) {
		const struct item *it = run->plan.v[r->item[i]];

		(void)snprintf(number, sizeof(number), "%zu", r->item[i]);
		tell(&out, '#', number);
		read_role(&out, run->store.path, it->spec->name,
		    needs_is_pup(run, it));
	}
	return write_fully(fd, out.data, out.len) == 0 ? 0 : 1;
}

int
needs_read(const struct run *run, const size_t *item, size_t n, struct buf *out,
    struct error *err)
{
	struct reading r = {.run = run, .item = item, .n = n};

	if (proc_call(read_all, &r, out, TOLD_MAX, READ_MS, err) == 0)
		return 0;
	return error_wrap(err, "read what roles in place depend on");
}
