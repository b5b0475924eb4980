#include "kelpie/inventory.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kelpie/buf.h"
#include "kelpie/state.h"
#include "kelpie/store.h"

/* ---- one name ---- */

static bool
is_there(int rolesfd, const char *name, const char *file)
{
	char *path = xasprintf("%s/meta/%s", name, file);
	struct stat st;
	bool is = fstatat(rolesfd, path, &st, 0) == 0 && S_ISREG(st.st_mode);

	free(path);
	return is;
}

static bool
leads_to_role(int rolesfd, const char *name)
{
	return is_there(rolesfd, name, "main.yml") ||
	    is_there(rolesfd, name, "main.yaml") ||
	    is_there(rolesfd, name, ".galaxy_install_info");
}

void
present_look(struct present *p, const struct store *s, const char *name)
{
	*p = (struct present){.name = xstrdup(name),
	    .in = {.found = FOUND_NOTHING}};
	if (installinfo_look(&p->in, s->rolesfd, name, &p->err) == -1)
		return;
	if (p->in.found == FOUND_LINK) {
		p->target = store_link_target(s, name);
		p->link_to_role = leads_to_role(s->rolesfd, name);
		if (store_made_link(s, name))
			p->record = state_find(&s->state, name);
		return;
	}
	p->record = state_find(&s->state, name);
	if (p->record != NULL && !record_matches(p->record, p->in.info))
		p->record = NULL;
}

void
present_free(struct present *p)
{
	free(p->name);
	free(p->target);
	installed_free(&p->in);
	*p = (struct present){0};
}

bool
present_is_role(const struct present *p)
{
	return p->in.found == FOUND_ROLE || p->in.found == FOUND_INSTALLED ||
	    (p->in.found == FOUND_LINK &&
		(p->link_to_role || p->record != NULL));
}

const char *
present_version(const struct present *p)
{
	if (p->in.version != NULL)
		return p->in.version;
	return p->record != NULL ? p->record->version : NULL;
}

long long
present_when(const struct present *p)
{
	static const char key[] = "install_date: ";
	struct tm tm = {0};
	const char *end;

	if (p->record != NULL)
		return (long long)p->record->when;
	if (p->in.info == NULL ||
	    strncmp(p->in.info, key, sizeof(key) - 1) != 0)
		return -1;
	/* In UTC, as ansible-galaxy writes it in the C locale. */
	end = strptime(p->in.info + sizeof(key) - 1, "%a %b %d %T %Y", &tm);
	return end != NULL && *end == '\n' ? (long long)timegm(&tm) : -1;
}

/* ---- all of them ---- */

struct names {
	char **v;
	size_t n;
};

static void
add(struct names *names, const char *name)
{
	if ((names->n & (names->n - 1)) == 0)
		names->v = xreallocarray(names->v,
		    names->n != 0 ? 2 * names->n : 1, sizeof(*names->v));
	names->v[names->n++] = xstrdup(name);
}

static int
add_entries(struct names *names, const struct store *s, struct error *err)
{
	int fd = openat(s->rolesfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (dir == NULL) {
		(void)error_errno(err, "read '%s'", s->path);
		if (fd != -1)
			(void)close(fd);
		return -1;
	}
	while ((errno = 0, e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.' && e->d_type != DT_REG)
			add(names, e->d_name);
	if (errno != 0) {
		(void)error_errno(err, "read '%s'", s->path);
		(void)closedir(dir);
		return -1;
	}
	(void)closedir(dir);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void
names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
}

int
inventory_make(struct inventory *inv, const struct store *s,
    const char *const *more, size_t n, struct error *err)
{
	struct names names = {0};
	size_t i;

	*inv = (struct inventory){0};
	if (s->rolesfd == -1)
		return 0;
	if (add_entries(&names, s, err) == -1) {
		names_free(&names);
		return -1;
	}
	for (i = 0; i < s->state.n; i++)
		if (strchr(s->state.v[i].name, '/') != NULL)
			add(&names, s->state.v[i].name);
	for (i = 0; i < n; i++)
		if (strchr(more[i], '/') != NULL)
			add(&names, more[i]);
	if (names.n > 1)
		qsort(names.v, names.n, sizeof(*names.v), compare);
	inv->v = xcalloc(names.n, sizeof(*inv->v));
	for (i = 0; i < names.n; i++)
		if (i == 0 || strcmp(names.v[i - 1], names.v[i]) != 0)
			present_look(&inv->v[inv->n++], s, names.v[i]);
	names_free(&names);
	return 0;
}

static int
compare_name(const void *key, const void *element)
{
	const struct present *p = element;

	return strcmp(key, p->name);
}

const struct present *
inventory_find(const struct inventory *inv, const char *name)
{
	return inv->n == 0 ?
	    NULL :
	    bsearch(name, inv->v, inv->n, sizeof(*inv->v), compare_name);
}

void
inventory_free(struct inventory *inv)
{
	size_t i;

	for (i = 0; i < inv->n; i++)
		present_free(&inv->v[i]);
	free(inv->v);
	*inv = (struct inventory){0};
}
