/*
 * Whatever stands in a lock file is refused or understood: what was read is
 * written again, and what was written is read as the same bytes.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/lockfile.h"
#include "kelpie/rules.h"

static void
written(const struct lockfile *lock)
{
	struct buf first = {0}, second = {0};
	struct lockfile again;
	struct error err;

	lockfile_format(&first, lock);
	require(lockfile_parse(&again, first.data, first.len, &err) == 0);
	lockfile_format(&second, &again);
	require(first.len == second.len);
	require(memcmp(first.data, second.data, first.len) == 0);
	lockfile_free(&again);
	buf_free(&first);
	buf_free(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lockfile lock;
	struct error err;

	if (lockfile_parse(&lock, (const char *)data, size, &err) == -1) {
		require(err.kind == ERR_CONFIG && lock.v == NULL);
		return 0;
	}
	for (size_t i = 0; i < lock.n; i++) {
		const struct locked *e = &lock.v[i];

		require(name_check(e->name, &err) == 0);
		require(e->commit == NULL || is_commit_id(e->commit));
		require(lockfile_find(&lock, e->name) == e);
	}
	written(&lock);
	lockfile_free(&lock);
	return 0;
}
