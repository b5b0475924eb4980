/*
 * installinfo.h - meta/.galaxy_install_info, byte for byte.
 *
 * The file that ansible-galaxy leaves in each role: when, and which version.
 * kelpie writes the same bytes, so either tool can follow the other.
 */
#ifndef KELPIE_INSTALLINFO_H
#define KELPIE_INSTALLINFO_H

#include <stdbool.h>
#include <time.h>

struct buf;
struct error;

/*
 * The bytes that ansible-galaxy would write: "install_date: " in UTC as
 * strftime's %c in the C locale, then "version: ", quoted where YAML 1.1
 * would read something else than the text.  version NULL: '' for a spec
 * written as a map, null for one written as a string.  A version could be
 * the name of a tag, so it has no space at which a line would be folded.
 */
void installinfo_format(struct buf *, time_t when, const char *version,
    bool map);

/* What a role directory holds. */
enum found {
	FOUND_NOTHING, /* no such name */
	FOUND_FOREIGN, /* no role: a file, a plain directory */
	FOUND_LINK, /* a symbolic link, whatever it points to */
	FOUND_ROLE, /* a role without install info */
	FOUND_INSTALLED, /* a role with install info */
};

struct installed {
	enum found found;
	char *info; /* the bytes of the install info; NULL if there is none,
		       or it is no regular file of at most 4 KiB of text */
	char *version; /* what it says: NULL for null and '' */
	bool has_version; /* it says something that we understand */
};

/*
 * Look at roles/name: the directory and its install info, nothing else.  A
 * role is a directory with meta/main.yml, meta/main.yaml or install info.
 * Runs in the parent.  ERR_LOCAL if the directory cannot be read.
 */
int installinfo_look(struct installed *, int rolesfd, const char *name,
    struct error *);
void installed_free(struct installed *);

#endif
