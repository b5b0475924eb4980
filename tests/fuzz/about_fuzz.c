/*
 * Any bytes as what a role says of itself: the child says something that the
 * parent understands.  The same bytes as what a child says: refused, or
 * taken with nothing beyond the end.
 */
#include <stdlib.h>
#include <string.h>

#include "about_priv.h"
#include "fuzz.h"
#include "kelpie/about.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/spec.h"

/* Every dependency that is told can be unpacked. */
static void
check_needs(char *line)
{
	struct spec spec;
	struct error err;
	char *lf;

	for (; (lf = strchr(line, '\n')) != NULL; line = lf + 1) {
		*lf = '\0';
		require(spec_unpack(&spec, line, "r", &err) == 0);
		spec_free(&spec);
	}
	require(*line == '\0');
}

static void
check(struct about *a)
{
	for (size_t i = 0; i < ABOUT_FIELDS; i++)
		require(a->field[i] == NULL || a->field[i][0] != '\0');
	for (size_t i = 0; i < a->platforms; i++)
		require(a->platform[i].name[0] != '\0');
	require((a->needs == NULL) == (a->fault != NULL));
	if (a->needs != NULL)
		check_needs(a->needs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf file = {0}, none = {0}, said = {0};
	struct about a;
	char *text;

	buf_add(&file, data, size);
	about_describe(&said, "r", &file, &none);
	require(said.len <= ABOUT_SAYS_MAX || size > 65536);
	require(about_parse(&a, said.data, said.len) == 0);
	check(&a);
	about_free(&a);
	buf_clear(&said);
	about_describe(&said, "r", &none, &file);
	require(about_parse(&a, said.data, said.len) == 0);
	check(&a);
	about_free(&a);
	text = malloc(size + 1);
	if (text != NULL) {
		memcpy(text, data, size);
		text[size] = '\0';
		(void)about_parse(&a, text, size);
		about_free(&a);
	}
	free(text);
	buf_free(&file);
	buf_free(&said);
	return 0;
}
