#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/rules.h"
#include "kelpie/url.h"
#include "kennel_priv.h"

static void
refuse(struct reading *r, struct draft *d, const struct error *err)
{
	pups_fault(r, d->location_at, "%s", err->msg);
	d->bad = true;
}

/* Take ",version" off what was given. */
static void
take_version(struct reading *r, struct draft *d)
{
	char *comma = strchr(d->given, ',');
	struct error err;

	if (comma == NULL)
		return;
	*comma++ = '\0';
	if (*comma == '\0')
		return;
	if (strchr(comma, ',') != NULL) {
		(void)error_set(&err, ERR_CONFIG,
		    "too many commas: expected one before the version");
		refuse(r, d, &err);
		return;
	}
	version_fold(comma);
	d->spec.version = xstrdup(comma);
	if (version_check(comma, &err) == -1)
		refuse(r, d, &err);
}

/* Turn what was given, which is a path, into the source. */
static void
take_path(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;

	if (r->base == NULL)
		(void)error_set(&err, ERR_LOCAL,
		    "the current directory cannot be found");
	else
		d->spec.src = kennel_path(r->base, d->given, &err);
	if (d->spec.src == NULL || url_check(d->spec.src, &scheme, &err) == -1)
		refuse(r, d, &err);
}

static void
take_fs(struct reading *r, struct draft *d)
{
	d->spec.dir = true;
	if (strchr(d->given, ',') == NULL) {
		take_path(r, d);
		return;
	}
	pups_fault(r, d->location_at, "a comma: a directory has no version");
	d->bad = true;
}

static void
take_git(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;
	size_t len;
	char *again;

	/* "git+git+ssh://": what git takes for ssh://, with the type before. */
	if (strncmp(d->given, "git+", 4) == 0) {
		again = xstrdup(d->given + 4);
		free(d->given);
		d->given = again;
	}
	take_version(r, d);
	d->spec.git = true;
	if (url_check(d->given, &scheme, &err) == -1) {
		refuse(r, d, &err);
		return;
	}
	if (scheme == SCHEME_NONE) {
		take_path(r, d);
		return;
	}
	/* With a '/' at its end it would be another URL to a server. */
	len = strlen(d->given);
	while (len > 1 && d->given[len - 1] == '/' && d->given[len - 2] != ':')
		d->given[--len] = '\0';
	d->spec.src = xstrdup(d->given);
}

static void
take_galaxy(struct reading *r, struct draft *d)
{
	struct error err;
	enum scheme scheme;

	take_version(r, d);
	d->spec.src = xstrdup(d->given);
	if (url_check(d->given, &scheme, &err) == -1) {
		refuse(r, d, &err);
	} else if (scheme != SCHEME_NONE || strpbrk(d->given, "/@+~") != NULL ||
	    strchr(d->given, '.') == NULL) {
		pups_fault(r, d->location_at,
		    "'%s' is no name of Galaxy's: expected 'owner.role'",
		    d->given);
		d->bad = true;
	}
}

void
pups_location(struct reading *r, struct draft *d, const char *location)
{
	static const struct {
		const char *type;
		void (*take)(struct reading *, struct draft *);
	} types[] = {{"fs", take_fs}, {"git", take_git},
	    {"galaxy", take_galaxy}};
	size_t i, len = strcspn(location, "+");

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (location[len] == '\0' || strlen(types[i].type) != len ||
		    strncmp(location, types[i].type, len) != 0)
			continue;
		d->given = xstrdup(location + len + 1);
		if (*d->given != '\0') {
			types[i].take(r, d);
			return;
		}
		pups_fault(r, d->location_at, "nothing behind '%s'", location);
		d->bad = true;
		return;
	}
	if (location[len] == '\0')
		pups_fault(r, d->location_at,
		    "location '%s' has no type: expected 'fs+PATH', 'git+URL' "
		    "or 'galaxy+OWNER.ROLE'",
		    location);
	else
		pups_fault(r, d->location_at,
		    "type '%.*s' is not taken: only fs, git and galaxy are",
		    (int)len, location);
	d->bad = true;
}
