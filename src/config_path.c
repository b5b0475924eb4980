#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"
#include "kelpie/buf.h"
#include "path.h"

/* Put cwd in for each "{{CWD}}". */
static char *
expand_cwd(const char *s, const char *cwd)
{
	static const char macro[] = "{{CWD}}";
	struct buf b = {0};
	const char *at;

	while ((at = strstr(s, macro)) != NULL) {
		buf_add(&b, s, (size_t)(at - s));
		buf_puts(&b, cwd);
		s = at + sizeof(macro) - 1;
	}
	buf_puts(&b, s);
	return b.data;
}

char *
config_next(const char **list, const char *between)
{
	const char *s;
	size_t len;

	while (**list != '\0') {
		s = *list + strspn(*list, between);
		*list = strchrnul(s, between[0]);
		len = (size_t)(*list - s);
		while (len > 0 && isspace((unsigned char)s[len - 1]))
			len--;
		if (len > 0)
			return xstrndup(s, len);
	}
	return NULL;
}

char *
config_resolve(const char *text, const char *base, const char *cwd)
{
	char *s = expand_cwd(text, cwd);
	char *expanded = path_expand(s);
	/* Ansible takes "x/.." away as text, whatever x is. */
	char *path = path_join(base, expanded, true);

	free(s);
	free(expanded);
	return path;
}

char *
config_place(const struct config_file *file, size_t i, const char *env,
    const char *cwd)
{
	struct found f = config_find(&file->set[i], env);
	char *base, *path;

	if (f.value == NULL)
		return NULL;
	base = f.env != NULL ? xstrdup(cwd) : path_dir(file->path);
	path = config_resolve(f.value, base, cwd);
	free(base);
	return path;
}
