#include "fetch/galaxy.h"

#include "kelpie/error.h"

int
galaxy_lookup(struct fetcher *f, struct error *err)
{
	(void)f;
	return error_set(err, ERR_CONFIG, "Galaxy names are not taken yet");
}
