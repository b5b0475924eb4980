#include "fetch/archive.h"

#include "kelpie/error.h"

int
archive_fetch(struct fetcher *f, struct error *err)
{
	(void)f;
	return error_set(err, ERR_CONFIG, "archives are not taken yet");
}
