#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <git2/sys/config.h>

#include "fetch/module.h"
#include "git/compat.h"
#include "kelpie/buf.h"
#include "path.h"

/*
 * Which files there are, and that the environment comes last, is told in
 * git-config(1), "FILES" and "ENVIRONMENT".
 */

#define SYSTEM_FILE "/etc/gitconfig"
#define COUNT_MAX 10000

/* ---- which keys ---- */

static bool
is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(s, word, len) == 0;
}

/* What nobody here asks for stays where it is. */
static bool
wanted(const char *key)
{
	size_t section = strcspn(key, ".");
	const char *name = strrchr(key, '.');

	if (name == NULL)
		return false;
	name++;
	if (is(key, section, "url"))
		return is(name, strlen(name), "insteadof");
	if (is(key, section, "core"))
		return is(name, strlen(name), "sshcommand");
	if (is(key, section, "ssh"))
		return is(name, strlen(name), "variant");
	return is(key, section, "http") || is(key, section, "credential");
}

static void
add(struct buf *out, const char *key, const char *value)
{
	if (!wanted(key) || strchr(key, '\n') != NULL)
		return;
	buf_puts(out, key);
	if (value != NULL)
		buf_printf(out, "\n%s", value);
	buf_add(out, "", 1);
}

/* The reader knows it by its key, which has no dot. */
static int
fault(struct buf *out, const char *words)
{
	buf_clear(out);
	buf_printf(out, "error\n%s", words);
	buf_add(out, "", 1);
	return -1;
}

/* libgit2 mostly names the file and the line, but not always. */
static int
fault_in(struct buf *out, const char *path)
{
	const git_error *e = git_error_last();
	const char *words = e != NULL ? e->message : "cannot be read";
	char *text;

	if (strstr(words, path) != NULL)
		return fault(out, words);
	text = xasprintf("%s: %s", path, words);
	(void)fault(out, text);
	free(text);
	return -1;
}

/* ---- files ---- */

/* A file that is not there says nothing. */
static int
add_file(struct buf *out, const char *path)
{
	git_config *config = NULL;
	git_config_iterator *at = NULL;
	git_config_entry *e;
	int rc = -1;

	if (access(path, R_OK) == -1)
		return 0;
	git_error_clear();
	if (git_config_new(&config) < 0 ||
	    git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_GLOBAL,
		NULL, 0) < 0 ||
	    git_config_iterator_new(&at, config) < 0)
		goto out;
	while ((rc = git_config_next(&e, at)) == 0)
		add(out, e->name, e->value);
	rc = rc == GIT_ITEROVER ? 0 : -1;
out:
	if (rc == -1)
		(void)fault_in(out, path);
	git_config_iterator_free(at);
	git_config_free(config);
	return rc;
}

static int
add_system(struct buf *out)
{
	static const char *const no[] = {"", "0", "false", "no", "off"};
	const char *without = getenv("GIT_CONFIG_NOSYSTEM");
	const char *path = getenv("GIT_CONFIG_SYSTEM");
	bool with = without == NULL;

	for (size_t i = 0; !with && i < sizeof(no) / sizeof(no[0]); i++)
		with = strcasecmp(without, no[i]) == 0;
	return with ? add_file(out, path != NULL ? path : SYSTEM_FILE) : 0;
}

static int
add_below(struct buf *out, const char *dir, const char *name)
{
	char *path = path_join(dir, name, false);
	int rc = add_file(out, path);

	free(path);
	return rc;
}

static int
add_global(struct buf *out)
{
	const char *path = getenv("GIT_CONFIG_GLOBAL");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	char *home;
	int rc = 0;

	if (path != NULL)
		return add_file(out, path);
	home = path_home();
	if (xdg != NULL && *xdg == '/')
		rc = add_below(out, xdg, "git/config");
	else if (home != NULL)
		rc = add_below(out, home, ".config/git/config");
	if (rc == 0 && home != NULL)
		rc = add_below(out, home, ".gitconfig");
	free(home);
	return rc;
}

/* ---- the environment ---- */

static const char *
numbered(const char *name, unsigned long i)
{
	char *variable = xasprintf("%s_%lu", name, i);
	const char *value = getenv(variable);

	free(variable);
	return value;
}

static int
add_counted(struct buf *out)
{
	const char *count = getenv("GIT_CONFIG_COUNT"), *key, *value;
	unsigned long n;
	char *end;

	if (count == NULL || *count == '\0')
		return 0;
	n = strtoul(count, &end, 10);
	if (*end != '\0' || n > COUNT_MAX)
		return fault(out, "GIT_CONFIG_COUNT is no number of keys");
	for (unsigned long i = 0; i < n; i++) {
		key = numbered("GIT_CONFIG_KEY", i);
		value = numbered("GIT_CONFIG_VALUE", i);
		if (key == NULL || value == NULL)
			return fault(out,
			    "GIT_CONFIG_COUNT counts more keys than there "
			    "are");
		add(out, key, value);
	}
	return 0;
}

/*
 * Take 'a word' in a shell's quotes off *s, where "'" and "!" are written
 * '\'' and '\!'.  The caller frees it; NULL if it is none.
 */
static char *
unquoted(const char **s)
{
	struct buf b = {0};
	const char *at = *s;

	buf_puts(&b, "");
	if (*at++ != '\'')
		goto bad;
	for (;;) {
		size_t len = strcspn(at, "'");

		if (at[len] == '\0')
			goto bad;
		buf_add(&b, at, len);
		at += len + 1;
		if (*at != '\\')
			break;
		if ((at[1] != '\'' && at[1] != '!') || at[2] != '\'')
			goto bad;
		buf_add(&b, at + 1, 1);
		at += 3;
	}
	*s = at;
	return b.data;
bad:
	buf_free(&b);
	return NULL;
}

/* 'key'='value', 'key'= or 'key=value', as "git -c" hands them on. */
static int
add_handed_on(struct buf *out)
{
	const char *s = getenv("GIT_CONFIG_PARAMETERS");
	char *key, *value, *equals;

	while (s != NULL && *(s += strspn(s, " ")) != '\0') {
		value = equals = NULL;
		key = unquoted(&s);
		if (key == NULL)
			return fault(out, "GIT_CONFIG_PARAMETERS is damaged");
		if (*s == '=') {
			s++;
			value = *s == '\'' ? unquoted(&s) : NULL;
			add(out, key, value);
		} else {
			equals = strchr(key, '=');
			if (equals != NULL)
				*equals++ = '\0';
			add(out, key, equals);
		}
		free(value);
		free(key);
	}
	return 0;
}

int
fetch_config(int fd, void *unused)
{
	char *home = path_home();
	struct buf out = {0};
	int rc;

	(void)unused;
	if (git_libgit2_init() < 0)
		return 1;
	/* Where "~/" of an include leads. */
	if (home != NULL)
		(void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH,
		    GIT_CONFIG_LEVEL_GLOBAL, home);
	free(home);
	if (add_system(&out) == 0 && add_global(&out) == 0 &&
	    add_counted(&out) == 0)
		(void)add_handed_on(&out);
	rc = out.len != 0 ? write_fully(fd, out.data, out.len) : 0;
	buf_free(&out);
	return rc == 0 ? 0 : 1;
}
