#include "fetch/directory.h"

#include "kelpie/error.h"

int
directory_fetch(struct fetcher *f, struct error *err)
{
	(void)f;
	return error_set(err, ERR_CONFIG, "directories are not taken yet");
}
