/*
 * rules.h - what a name, a link, a version may look like.
 *
 * Each rule stands here once, and every path goes through it: the
 * requirements file, the command line, git trees, the parent's own walk of
 * a stage.  Knows nothing of files: these functions look at bytes only.
 */
#ifndef KELPIE_RULES_H
#define KELPIE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

#define NAME_MAX_BYTES 200
#define ENTRY_MAX_BYTES 255
#define LINK_MAX_BYTES 1024
#define VERSION_MAX_BYTES 255
#define PATH_MAX_BYTES 1024 /* of a file, from the role's root */

/*
 * A role name of one part: 1 to 200 bytes of valid UTF-8 without control,
 * bidirectional or zero-width characters and without '/', not beginning
 * with '-' or '.', not ending with ' ' or '.'.
 */
bool name_ok(const char *s, size_t len);

/*
 * The same for a name out of the user's own file, where "a/b" is allowed:
 * every part has to pass.  Says in words which rule the name breaks; the
 * error is ERR_CONFIG.
 */
int name_check(const char *name, struct error *);

/*
 * One path component inside a role: 1 to 255 bytes, no '/', no control
 * byte, not "." or "..", nothing that some system takes for ".git"
 * (case folded; with trailing dots, spaces or a ':' behind it; "git~1";
 * with code points that HFS+ ignores), no '\'.  Need not be UTF-8.
 */
bool entry_ok(const char *s, size_t len);

/*
 * The target of a symbolic link that stands depth directories below the
 * role's root: relative, ".." only at its start and at most depth times,
 * 1 to 1024 bytes, no NUL.  A count alone would not do: a link that goes
 * up behind a link that goes down leaves the role.
 */
bool link_ok(const char *target, size_t len, unsigned depth);

/* 40 hex digits, lower case: a commit id, and nothing else. */
bool is_commit_id(const char *version);
/* 64 of them: the SHA-256 of an archive. */
bool is_sha256_hex(const char *);

/*
 * A version that is no commit id must be able to be the name of a tag or
 * branch (git-check-ref-format(1)), must not begin with '-', and has at most
 * 255 bytes.  Behind it there may be steps to an ancestor, "~", "~2", "^" or
 * "^2", and no other syntax of gitrevisions(7).
 */
int version_check(const char *version, struct error *);

/*
 * The length of the UTF-8 sequence at the start of s (RFC 3629: no overlong
 * form, no surrogate), or 0 if the bytes are none; len is not 0.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);

/*
 * Write s to out so that it can go to a terminal or a log: printable UTF-8
 * as it is, '\' and whatever name_ok() forbids in a name as \xNN.  out is
 * always terminated; what does not fit ends in "...".  Returns out.
 */
char *escape(char *out, size_t size, const char *s);

#endif
