/* The index of a mirror: one line a file. */
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/mirror.h"
#include "kelpie/rules.h"

#define HEAD "kelpie-mirror 1\n"
#define DIGITS 64

static size_t
position(const struct mirror_index *index, const char *name)
{
	size_t low = 0, high = index->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->v[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct mirror_file *
mirror_index_find(const struct mirror_index *index, const char *name)
{
	size_t i = position(index, name);

	return i < index->n && strcmp(index->v[i].name, name) == 0 ?
	    &index->v[i] :
	    NULL;
}

void
mirror_index_put(struct mirror_index *index, const struct mirror_file *f)
{
	size_t i = position(index, f->name);

	if (i == index->n || strcmp(index->v[i].name, f->name) != 0) {
		if ((index->n & (index->n - 1)) == 0)
			index->v = xreallocarray(index->v,
			    index->n != 0 ? 2 * index->n : 1,
			    sizeof(*index->v));
		memmove(index->v + i + 1, index->v + i,
		    (index->n++ - i) * sizeof(*index->v));
	}
	index->v[i] = *f;
}

/* No sign, no blank, no zero in front: one way to write a number. */
static bool
parse_size(uint64_t *out, const char *text)
{
	const char *why;

	if (strspn(text, "0123456789") != strlen(text) ||
	    (text[0] == '0' && text[1] != '\0'))
		return false;
	*out = (uint64_t)strtonum(text, 0, LLONG_MAX, &why);
	return why == NULL;
}

static bool
parse_line(struct mirror_file *f, char *line)
{
	char *size = strchr(line, ' ');
	char *name = size != NULL ? strchr(size + 1, ' ') : NULL;

	if (name == NULL)
		return false;
	*size++ = *name++ = '\0';
	if (!is_sha256_hex(line) || !parse_size(&f->size, size) ||
	    !mirror_has_name(name))
		return false;
	memcpy(f->sha256, line, DIGITS + 1);
	memcpy(f->name, name, strlen(name) + 1);
	return true;
}

static int
parse(struct mirror_index *index, char *text, struct error *err)
{
	char *line = text, *end;
	struct mirror_file f;

	for (unsigned n = 2; *line != '\0'; n++, line = end + 1) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end = '\0';
		if (end == NULL || !parse_line(&f, line) ||
		    (index->n > 0 &&
			strcmp(index->v[index->n - 1].name, f.name) >= 0))
			return error_set(err, ERR_INTEGRITY,
			    "line %u of the index cannot be understood", n);
		mirror_index_put(index, &f);
	}
	return 0;
}

int
mirror_index_parse(struct mirror_index *index, const char *text, size_t len,
    struct error *err)
{
	const size_t head = sizeof(HEAD) - 1;
	char *copy;
	int rc;

	*index = (struct mirror_index){0};
	if (len < head || memcmp(text, HEAD, head) != 0)
		return error_set(err, ERR_INTEGRITY,
		    "the index is none, or that of a newer kelpie");
	if (memchr(text, '\0', len) != NULL)
		return error_set(err, ERR_INTEGRITY,
		    "the index has a NUL byte in it");
	copy = xstrndup(text + head, len - head);
	rc = parse(index, copy, err);
	free(copy);
	if (rc == -1)
		mirror_index_free(index);
	return rc;
}

void
mirror_index_format(struct buf *b, const struct mirror_index *index)
{
	buf_puts(b, HEAD);
	for (size_t i = 0; i < index->n; i++)
		buf_printf(b, "%s %" PRIu64 " %s\n", index->v[i].sha256,
		    index->v[i].size, index->v[i].name);
}

void
mirror_index_free(struct mirror_index *index)
{
	free(index->v);
	*index = (struct mirror_index){0};
}
