/*
 * Any bytes as what a role depends on: each dependency goes through a fact
 * unchanged, and any bytes as such a fact are refused or obey the rules.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "kelpie/spec.h"
#include "spec_rules.h"

static void
require_same(const char *a, const char *b)
{
	require((a == NULL) == (b == NULL));
	require(a == NULL || strcmp(a, b) == 0);
}

/* Nothing of a stranger's is a directory of this machine, or beside it. */
static void
check_rules(const struct spec *s)
{
	require_spec(s);
	require(s->path == NULL || s->path[0] != '/');
	require(s->commit == NULL || is_commit_id(s->commit));
	require(!s->dir && !s->link);
}

static void
check_spec(const struct spec *s)
{
	struct buf b = {0};
	struct spec t;
	struct error err;
	char *where;

	check_rules(s);
	spec_pack(&b, s);
	require(b.len <= 3500);
	require(spec_unpack(&t, b.data, "web", &err) == 0);
	require_same(t.name, s->name);
	require_same(t.src, s->src);
	require_same(t.version, s->version);
	require_same(t.path, s->path);
	require_same(t.commit, s->commit);
	require_same(t.checksum, s->checksum);
	require(t.git == s->git && t.map == s->map);
	where = xasprintf("%s of role 'web'", s->where);
	require_same(t.where, where);
	free(where);
	spec_free(&t);
	buf_free(&b);
}

static void
parse(const char *where, const char *data, size_t size)
{
	struct specs s = {0};
	struct faults f = {0};

	specs_meta(&s, where, data, size, &f);
	require_places(&f, where);
	for (size_t i = 0; i < s.n; i++)
		check_spec(&s.v[i]);
	specs_free(&s);
	faults_free(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	struct spec s;
	struct error err;

	parse("meta/main.yml", (const char *)data, size);
	parse("meta/requirements.yml", (const char *)data, size);
	parse("requirements.yml", (const char *)data, size);
	if (spec_unpack(&s, text, "web", &err) == 0) {
		check_rules(&s);
		spec_free(&s);
	} else {
		require(err.kind == ERR_INTEGRITY);
	}
	free(text);
	return 0;
}
