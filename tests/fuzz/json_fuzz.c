/* Any bytes: a tree, or an error of the right kind; looking around in the
 * tree never ends outside of it. */
#include <stdlib.h>

#include "fuzz.h"
#include "kelpie/error.h"
#include "kelpie/json.h"

static void
look(const struct json *j)
{
	static const char *const keys[] = {"results", "next_link", "name", "id",
	    ""};
	long long n;

	if (json_text(j) != NULL && *json_text(j) == '\0')
		abort();
	if (json_number(j, &n) && n < 0)
		abort();
	for (size_t i = 0; i < json_count(j); i++)
		look(json_at(j, i));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_get(j, keys[i]) != NULL)
			look(json_get(j, keys[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct error err = {.kind = ERR_NONE};
	struct json *j = json_parse((const char *)data, len, &err);

	if (j == NULL && err.kind != ERR_INTEGRITY)
		abort();
	if (j != NULL)
		look(j);
	json_free(j);
	return 0;
}
