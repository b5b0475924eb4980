/*
 * rules.h - what a name, a link, a version may look like.
 *
 * Each rule stands here once, and every path goes through it: requirements
 * files, the command line, what a role depends on, Galaxy's answers, the
 * state file, git trees, archives, the parent's own walk of a stage.  What
 * an URL may look like stands in url.h.  Knows nothing of files: these
 * functions look at bytes and at mode bits only.
 */
#ifndef KELPIE_RULES_H
#define KELPIE_RULES_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
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
/* The same for a name that strangers chose: it has one part. */
int name_check_one(const char *name, struct error *);

/*
 * One path component inside a role: 1 to 255 bytes, no '/', no control
 * byte, not "." or "..", nothing that some system takes for ".git" (case
 * folded; with trailing dots, spaces, a ':' or a '\' behind it, or a '\'
 * before it; "git~1"; with code points that HFS+ ignores).  Need not be
 * UTF-8, and '\' is a byte like others: names of systemd units have it.
 */
bool entry_ok(const char *s, size_t len);

/*
 * The target of a symbolic link that stands depth directories below the
 * role's root: relative, ".." only at its start and at most depth times,
 * 1 to 1024 bytes, no NUL.  A count alone would not do: a link that goes
 * up behind a link that goes down leaves the role.
 */
bool link_ok(const char *target, size_t len, unsigned depth);

/*
 * The modes of what a role brings, before the umask takes away: a directory
 * has MODE_DIR, a file that of mode_of_file().  Of all the bits that
 * somebody else has set only the owner's x is looked at.
 */
#define MODE_DIR 0755
bool mode_has_x(mode_t);
mode_t mode_of_file(bool executable);

/* 40 hex digits, lower case: a commit id, and nothing else. */
bool is_commit_id(const char *version);
/* 64 of them: the SHA-256 of an archive. */
bool is_sha256_hex(const char *);
/* Write a version in small letters if that makes it a commit id. */
void version_fold(char *version);

/*
 * A version that is no commit id must be able to be the name of a tag or
 * branch (git-check-ref-format(1)), must not begin with '-', and has at most
 * 255 bytes.  Behind it there may be steps to an ancestor, "~", "~2", "^" or
 * "^2", and no other syntax of gitrevisions(7).
 */
int version_check(const char *version, struct error *);
/* The same without such steps: what strangers may ask for. */
int version_check_name(const char *version, struct error *);

/* A byte that could steer a terminal, or end a line. */
bool is_control(unsigned char);

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

/*
 * The same for len bytes of a file, added to the buf: tabs and '\' stay as
 * they are.
 */
void escape_text(struct buf *, const char *s, size_t len);

#endif
