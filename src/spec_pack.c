#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/range.h"
#include "kelpie/rules.h"
#include "spec_priv.h"

/* Divided by TABs, which none of them can have inside. */
enum part {
	P_NAME,
	P_SRC,
	P_VERSION,
	P_PATH,
	P_COMMIT,
	P_CHECKSUM,
	P_FLAGS, /* 'g' and 'm', in this order */
	P_WHERE,
	PARTS
};

#define WHERE_MAX 1024

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

void
spec_pack(struct buf *b, const struct spec *s)
{
	buf_printf(b, "%s\t%s\t%s\t%s\t%s\t%s\t%s%s\t%s", s->name, s->src,
	    or_empty(s->version), or_empty(s->path), or_empty(s->commit),
	    or_empty(s->checksum), s->git ? "g" : "", s->map ? "m" : "",
	    s->where);
}

/* Take text apart in place. */
static int
split(char *text, char *part[PARTS])
{
	size_t n = 0;

	for (;;) {
		part[n++] = text;
		text = strchr(text, '\t');
		if (text == NULL)
			break;
		if (n == PARTS)
			return -1;
		*text++ = '\0';
	}
	return n == PARTS ? 0 : -1;
}

static int
check_src(const char *src, bool git, struct error *err)
{
	enum scheme scheme;

	if (url_check(src, &scheme, err) == -1)
		return -1;
	if (scheme != SCHEME_FILE && !src_is_local(src, scheme, git))
		return 0;
	if (scheme != SCHEME_FILE && src[0] != '/')
		return error_set(err, ERR_CONFIG, "a relative path");
	if (!git && !src_is_archive(src))
		return error_set(err, ERR_CONFIG,
		    "a directory of this machine");
	return 0;
}

/* A worker that strangers have taken over may say anything here. */
static int
check(char *const part[PARTS], struct error *err)
{
	static const char *const flags[] = {"", "g", "m", "gm"};
	const char *p;
	size_t i;

	for (i = 0; i < 4; i++)
		if (strcmp(part[P_FLAGS], flags[i]) == 0)
			break;
	if (i == 4)
		return error_set(err, ERR_CONFIG, "unknown flags");
	if (name_check_one(part[P_NAME], err) == -1 ||
	    check_src(part[P_SRC], part[P_FLAGS][0] == 'g', err) == -1)
		return -1;
	if (*part[P_VERSION] != '\0' &&
	    range_or_name_check(part[P_VERSION], err) == -1)
		return -1;
	if (*part[P_PATH] != '\0' && subpath_check(part[P_PATH], err) == -1)
		return -1;
	if ((*part[P_COMMIT] != '\0' && !is_commit_id(part[P_COMMIT])) ||
	    (*part[P_CHECKSUM] != '\0' && !is_sha256_hex(part[P_CHECKSUM])))
		return error_set(err, ERR_CONFIG, "a digest that is none");
	for (p = part[P_WHERE]; *p != '\0'; p++)
		if (is_control((unsigned char)*p))
			break;
	if (*p != '\0' || p == part[P_WHERE] || p - part[P_WHERE] > WHERE_MAX)
		return error_set(err, ERR_CONFIG, "no place");
	return 0;
}

static char *
or_null(const char *s)
{
	return *s != '\0' ? xstrdup(s) : NULL;
}

int
spec_unpack(struct spec *s, const char *text, const char *of, struct error *err)
{
	char *copy = xstrdup(text), *part[PARTS];
	struct error why;
	int rc = -1;

	(void)error_set(&why, ERR_CONFIG, "not of its parts");
	if (split(copy, part) == -1 || check(part, &why) == -1) {
		(void)error_set(err, ERR_INTEGRITY,
		    "role '%s' has a dependency that cannot be: %s", of,
		    why.msg);
		goto out;
	}
	*s = (struct spec){
	    .name = xstrdup(part[P_NAME]),
	    .src = xstrdup(part[P_SRC]),
	    .version = or_null(part[P_VERSION]),
	    .path = or_null(part[P_PATH]),
	    .commit = or_null(part[P_COMMIT]),
	    .checksum = or_null(part[P_CHECKSUM]),
	    .git = part[P_FLAGS][0] == 'g',
	    .map = strchr(part[P_FLAGS], 'm') != NULL,
	    .where = xasprintf("%s of role '%s'", part[P_WHERE], of),
	};
	rc = 0;
out:
	free(copy);
	return rc;
}

int
spec_unpack_line(struct spec *s, const char **lines, const char *of,
    struct error *err)
{
	size_t len;
	char *line;
	int rc;

	*lines += strspn(*lines, "\n");
	len = strcspn(*lines, "\n");
	if (len == 0)
		return 0;
	line = xstrndup(*lines, len);
	*lines += len;
	rc = spec_unpack(s, line, of, err);
	free(line);
	return rc == 0 ? 1 : -1;
}
