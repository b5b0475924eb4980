/*
 * Any bytes as a requirements file: what is accepted has passed the rules
 * for names, sources and versions, and what is not has its place.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "spec_rules.h"

/* Nothing leads out of a source, nor into what is git's. */
static void
check_path(const char *path)
{
	size_t len;

	for (; path != NULL; path = path[len] == '/' ? path + len + 1 : NULL) {
		len = strcspn(path, "/");
		require(entry_ok(path, len));
	}
}

static void
check_spec(const struct spec *s)
{
	require_spec(s);
	require(s->commit == NULL || (s->git && is_commit_id(s->commit)));
	require(s->checksum == NULL ||
	    (!s->git && strlen(s->checksum) == 64 &&
		strspn(s->checksum, "0123456789abcdef") == 64));
	if (s->dir || s->link) {
		require(!s->git && s->src[0] == '/');
		require(s->version == NULL && s->path == NULL);
		require(s->commit == NULL && s->checksum == NULL);
	}
	check_path(s->path);
}

/* No two of the same name, and none inside another. */
static void
check_pair(const struct spec *a, const struct spec *b)
{
	size_t len = strlen(a->name);

	require(strncmp(a->name, b->name, len) != 0 ||
	    (b->name[len] != '\0' && b->name[len] != '/'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct specs s = {0};
	struct faults f = {0};
	size_t i, j;

	/* Another file would have its own place, and may be a device. */
	if (memmem(data, size, "include", 7) != NULL)
		return 0;
	specs_parse(&s, "r.yml", (const char *)data, size, &f);
	for (i = 0; i < s.n; i++)
		require(strncmp(s.v[i].where, "r.yml:", 6) == 0);
	require_places(&f, "r.yml:");
	for (i = 0; i < s.n; i++)
		check_spec(&s.v[i]);
	faults_free(&f);
	specs_check(&s, &f);
	if (f.n == 0 && s.n < 200)
		for (i = 0; i < s.n; i++)
			for (j = 0; j < s.n; j++)
				if (i != j)
					check_pair(&s.v[i], &s.v[j]);
	specs_free(&s);
	faults_free(&f);
	return 0;
}
