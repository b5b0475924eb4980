/*
 * Whatever stands in the index of a mirror is refused or understood: what was
 * read is sorted, has names of ours alone, and is written as the same bytes.
 */
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/mirror.h"
#include "kelpie/rules.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mirror_index index;
	struct buf again = {0};
	struct error err;

	if (mirror_index_parse(&index, (const char *)data, size, &err) == -1) {
		require(err.kind == ERR_INTEGRITY && index.v == NULL);
		return 0;
	}
	for (size_t i = 0; i < index.n; i++) {
		const struct mirror_file *f = &index.v[i];

		require(mirror_has_name(f->name) && is_sha256_hex(f->sha256));
		require(strchr(f->name, '/') == NULL);
		require(mirror_index_find(&index, f->name) == f);
	}
	mirror_index_format(&again, &index);
	require(again.len == size && memcmp(again.data, data, size) == 0);
	buf_free(&again);
	mirror_index_free(&index);
	return 0;
}
