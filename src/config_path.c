#include <ctype.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config_priv.h"
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

/* First the variables, then "~", as Ansible does. */
static char *
expand(const char *s)
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
config_next(const char **list)
{
	const char *s;
	size_t len;

	for (s = *list; *s != '\0'; s += len) {
		s += strspn(s, ": \t\n");
		len = strcspn(s, ":");
		*list = s + len;
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
	char *expanded = expand(s);
	/* Ansible takes "x/.." away as text, whatever x is. */
	char *path = path_join(base, expanded, true);

	free(s);
	free(expanded);
	return path;
}
