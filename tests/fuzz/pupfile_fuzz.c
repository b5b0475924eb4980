/*
 * Any bytes as a pupfile: what is accepted has passed the rules for names,
 * sources and versions, what is not has its place, and the requirements file
 * that is made of it says the same.  The bytes as a command line: no word
 * holds more than was given.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/kennel.h"
#include "kelpie/yaml.h"
#include "spec_rules.h"

static void
check_spec(const struct spec *s)
{
	require_spec(s);
	require(!s->dir || (s->src[0] == '/' && !s->git));
	require(strncmp(s->where, "p.yml:", 6) == 0);
}

static void
require_pair(const struct yaml *map, const char *key, const char *want)
{
	const struct yaml *value = yaml_get(map, key);

	require((value == NULL) == (want == NULL));
	require(value == NULL || yaml_is_text(value));
	require(value == NULL || strcmp(value->text, want) == 0);
}

static void
check_converted(const struct pups *p)
{
	struct buf b = {0};
	struct error err;
	struct yaml *top;
	const struct yaml *roles;
	size_t i;
	char *src;

	pups_convert(&b, p, true);
	/* Of many pups a file can come that is larger than one may be. */
	if (yaml_parse(&top, b.data, b.len, &err) == -1) {
		require(p->n > 10000);
		buf_free(&b);
		return;
	}
	roles = yaml_get(top, "roles");
	require(roles != NULL && roles->kind == YAML_LIST);
	require(roles->n == p->n);
	for (i = 0; i < p->n; i++) {
		const struct spec *s = &p->specs.v[i];

		src = xasprintf("%s%s", s->dir ? "fs+" : "", p->given[i]);
		require_pair(roles->item[i], "name", s->name);
		require_pair(roles->item[i], "src", src);
		require_pair(roles->item[i], "scm", s->git ? "git" : NULL);
		require_pair(roles->item[i], "version", s->version);
		free(src);
	}
	yaml_free(top);
	buf_free(&b);
}

static void
check_words(const uint8_t *data, size_t size)
{
	char *text = xmalloc(size + 1), **words;
	struct error err;
	size_t i, sum = 0;

	if (size != 0)
		memcpy(text, data, size);
	text[size] = '\0';
	if (words_split(&words, text, &err) == 0) {
		for (i = 0; words[i] != NULL; i++)
			sum += strlen(words[i]);
		require(sum <= strlen(text));
	}
	words_free(words);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pups p = {0};
	struct faults f = {0};
	size_t i;

	pups_parse(&p, "p.yml", (const char *)data, size, &f);
	require(p.n == p.specs.n);
	require_places(&f, "p.yml:");
	for (i = 0; i < p.n; i++)
		check_spec(&p.specs.v[i]);
	check_converted(&p);
	pups_free(&p);
	faults_free(&f);
	check_words(data, size);
	return 0;
}
