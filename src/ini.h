/*
 * ini.h - the settings of an ini file, as Python's configparser finds them.
 *
 * Sections, "key = value" and "key: value", whole-line comments with '#' and
 * ';', comments behind " ;", values that go on in indented lines, a section
 * [DEFAULT] for all others.  No interpolation, as Ansible asks for none.  A
 * value that begins in the next line has no newline in front.
 */
#ifndef KELPIE_INI_H
#define KELPIE_INI_H

#include <stdbool.h>
#include <stddef.h>

struct error;

struct ini_want {
	const char *section;
	const char *key; /* lower case */
	bool all; /* a key of this section that nobody wants is a fault */
	char *value; /* out: NULL if it is not there; the caller frees it */
	unsigned line; /* out: of the value */
	/* private */
	char *fallback; /* what [DEFAULT] says */
	bool present; /* the section is there */
};

/*
 * Look for n settings in text.  Returns -1 with ERR_CONFIG and a message
 * that begins with "line: "; the values are to be freed in any case.
 */
int ini_read(struct ini_want *, size_t n, const char *text, struct error *);

#endif
