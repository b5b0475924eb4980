#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "path.h"

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* "$NAME" and "${NAME}"; a variable that is not set stays as written. */
static size_t
expand_var(struct buf *b, const char *s)
{
	const char *name = s + 1, *value;
	size_t len = 0, whole;
	char *copy;

	if (*name == '{') {
		name++;
		len = strcspn(name, "}");
		whole = name[len] == '}' ? len + 3 : 0;
	} else {
		while (is_word(name[len]))
			len++;
		whole = len + 1;
	}
	copy = xstrndup(name, len);
	value = whole != 0 ? getenv(copy) : NULL;
	free(copy);
	if (value == NULL) {
		buf_add(b, s, 1);
		return 1;
	}
	buf_puts(b, value);
	return whole;
}

/* "~" and "~user" at the beginning; an unknown user stays as written. */
static size_t
expand_home(struct buf *b, const char *s)
{
	size_t len = strcspn(s, "/");
	const struct passwd *pw;
	char *home;

	if (s[0] != '~')
		return 0;
	if (len == 1) {
		home = path_home();
	} else {
		home = xstrndup(s + 1, len - 1);
		pw = getpwnam(home);
		free(home);
		home = pw != NULL ? xstrdup(pw->pw_dir) : NULL;
	}
	if (home == NULL)
		return 0;
	buf_puts(b, home);
	free(home);
	return len;
}

char *
path_expand(const char *s)
{
	struct buf vars = {0}, b = {0};

	buf_puts(&vars, "");
	while (*s != '\0') {
		if (*s == '$') {
			s += expand_var(&vars, s);
			continue;
		}
		buf_add(&vars, s++, 1);
	}
	buf_puts(&b, vars.data + expand_home(&b, vars.data));
	buf_free(&vars);
	return b.data;
}
