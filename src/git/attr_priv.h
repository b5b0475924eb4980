/*
 * attr_priv.h - one line of .gitattributes, for attr.c only.
 *
 * Takes a line apart; knows neither which names count nor any path.
 */
#ifndef ATTR_PRIV_H
#define ATTR_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "kelpie/git/attr.h"

struct line {
	char *pattern; /* or the macro's name */
	bool macro;
	char *rest; /* the attributes, not looked at yet */
};

/* False for a line that git ignores.  Cuts the line up where it stands. */
bool line_parse(struct line *, char *text);

struct setting {
	char *name;
	size_t len;
	enum attr_state state;
	const char *value;
};

/* The next attribute at *rest; false at the end. */
bool line_setting(struct setting *, char **rest);

#endif
