/*
 * installinfo_priv.h - what makes a role, and one string as YAML and back
 * without a YAML library.
 */
#ifndef KELPIE_INSTALLINFO_PRIV_H
#define KELPIE_INSTALLINFO_PRIV_H

#include <stdbool.h>

struct buf;

/* The meta directory of a role: it has a main.yml or main.yaml. */
bool has_main(int metafd);

/*
 * YAML 1.1, as PyYAML reads it, takes s for something else than a string: a
 * number, a date, a boolean.
 */
bool scalar_is_retyped(const char *s);

/*
 * Write s as PyYAML dumps a string: plain where YAML 1.1 reads the same
 * text again, else in single quotes, or in double quotes if there are other
 * than printable ASCII characters.
 */
void scalar_write(struct buf *, const char *s);

/*
 * Read the scalar at s, which ends with its line: plain, or in quotes.
 * *out is the caller's, NULL for null and ''.  Returns -1 for what is none
 * of these.
 */
int scalar_read(char **out, const char *s);

#endif
