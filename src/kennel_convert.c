#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/kennel.h"
#include "kelpie/yaml.h"

static void
write_pair(struct buf *b, const char *key, const char *text)
{
	buf_printf(b, "%s: ", key);
	yaml_write(b, text);
	buf_puts(b, "\n");
}

void
pups_convert(struct buf *b, const struct pups *p, bool as_written)
{
	struct buf src = {0};
	size_t i;

	buf_puts(b, "---\n");
	buf_puts(b, p->specs.n > 0 ? "roles:\n" : "roles: []\n");
	for (i = 0; i < p->specs.n; i++) {
		const struct spec *s = &p->specs.v[i];

		buf_clear(&src);
		buf_puts(&src, s->dir ? "fs+" : "");
		buf_puts(&src, as_written ? p->given[i] : s->src);
		write_pair(b, "  - name", s->name);
		write_pair(b, "    src", src.data);
		if (s->git)
			write_pair(b, "    scm", "git");
		if (s->version != NULL)
			write_pair(b, "    version", s->version);
	}
	buf_free(&src);
}
