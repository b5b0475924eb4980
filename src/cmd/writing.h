/*
 * cmd/writing.h - newer versions, in the requirements file itself.
 *
 * Knows which versions of a file an update may move on, and writes what they
 * became into the files that have them.  The editor is yaml_edit.h.
 */
#ifndef KELPIE_CMD_WRITING_H
#define KELPIE_CMD_WRITING_H

struct asked;
struct error;
struct install_args;
struct locking;

/*
 * Every exact version that can move and be edited becomes a range, and the
 * spec is one that moves (spec.h).  Says what is left.  0, or the exit status
 * of having looked whether a version is a tag: *err may be set then.
 */
int writing_begin(const struct install_args *, struct asked *,
    const struct locking *, struct error *);

/*
 * After a run without failures: write what the lock has for these specs into
 * their files, all or none of them; or say what would be written.
 */
int writing_end(const struct install_args *, const struct asked *,
    const struct locking *, struct error *);

#endif
