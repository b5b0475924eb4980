/*
 * A range and names, divided by newlines: what was taken answers for every
 * name, the same way each time, and versions have one order.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/range.h"
#include "kelpie/semver.h"

static void
check(const char *range, const char *name, const char *last)
{
	bool has = range_has(range, name);

	require(!has || semver_rank(name) != SEMVER_NONE);
	if (last == NULL || semver_rank(last) == SEMVER_NONE ||
	    semver_rank(name) == SEMVER_NONE)
		return;
	require(
	    (semver_order(name, last) < 0) == (semver_order(last, name) > 0));
	/* What is the same version is in the same ranges. */
	if (semver_order(name, last) == 0 &&
	    semver_rank(name) == semver_rank(last))
		require(range_has(range, last) == has);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	const char *last = NULL;
	char *save = NULL, *range = strtok_r(text, "\n", &save), *name;
	struct error err;

	if (range != NULL && range_check(range, &err) == 0)
		while ((name = strtok_r(NULL, "\n", &save)) != NULL) {
			check(range, name, last);
			last = name;
		}
	free(text);
	return 0;
}
