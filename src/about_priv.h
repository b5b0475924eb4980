/*
 * about_priv.h - what the child that reads the files says to the parent:
 * "key LF value NUL", as often as it likes.
 */
#ifndef KELPIE_ABOUT_PRIV_H
#define KELPIE_ABOUT_PRIV_H

#include <stddef.h>

struct about;
struct buf;

#define ABOUT_FILE_MAX ((size_t)1 << 20) /* bytes of one file */
#define ABOUT_SAYS_MAX ((size_t)4 << 20) /* bytes that the child may say */

/* Keys besides about_key[]. */
#define SAY_PLATFORM "platform"
#define SAY_VERSION "platform-version" /* of the platform before */
#define SAY_NEED "need" /* a spec_pack() line */
#define SAY_NEEDS "needs" /* they are all told */
#define SAY_FAULT "fault" /* the first one counts */

/* Say one thing; a long value is cut off. */
void about_say(struct buf *, const char *key, const char *value);

/* What the two files say; main or requirements may have no data. */
void about_describe(struct buf *, const char *name, const struct buf *main,
    const struct buf *requirements);

/* -1 for what about_say() never writes; *out is the caller's all the same. */
int about_parse(struct about *out, const char *data, size_t len);

#endif
