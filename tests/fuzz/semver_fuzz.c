/* Three names, divided by newlines: comparing them is an order. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/semver.h"

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
check(const char *a, const char *b, const char *c)
{
	int ab = sign(semver_compare(a, b)), bc = sign(semver_compare(b, c)),
	    ac = sign(semver_compare(a, c));

	if (ab != -sign(semver_compare(b, a)) ||
	    (ab == 0) != (strcmp(a, b) == 0) || semver_compare(a, a) != 0)
		abort();
	if (ab == bc && ac != ab)
		abort();
	if (semver_rank(a) < semver_rank(b) && ab >= 0)
		abort();
	if (semver_same(a, b) != semver_same(b, a))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = xstrndup((const char *)data, len), *rest = text;
	const char *name[3] = {"", "", ""};

	for (size_t i = 0; i < 3 && rest != NULL; i++)
		name[i] = strsep(&rest, "\n");
	check(name[0], name[1], name[2]);
	check(name[1], name[2], name[0]);
	check(name[2], name[0], name[1]);
	free(text);
	return 0;
}
