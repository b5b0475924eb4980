/*
 * ui.h - all that people see.
 *
 * The one module that prints: live lines on a terminal, one plain line a
 * finished role elsewhere, or the lines of ansible-galaxy.  Results go to
 * standard output; progress, warnings and errors to standard error.  Every
 * string is escaped and every URL shown without its password here, whoever
 * hands it in.
 */
#ifndef KELPIE_UI_H
#define KELPIE_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/error.h"
#include "kelpie/msg.h"

enum ui_level { UI_QUIET = -1, UI_NORMAL, UI_VERBOSE };

/* How lines look, and which there are. */
enum ui_shape {
	UI_OWN, /* kelpie's way */
	UI_LOCK, /* the same of roles that are only locked */
	UI_DOWNLOAD, /* or downloaded */
	UI_LOOK, /* failures alone, without numbers: the caller tells the rest */
	UI_ASIDE, /* not even these: ui_failure() knows them */
	UI_GALAXY /* as ansible-galaxy has them */
};

enum outcome {
	OUT_KEPT, /* was there already */
	OUT_INSTALLED,
	OUT_UPDATED,
	OUT_FAILED,
	OUT_CANCELLED, /* never started, or stopped by a signal */
};

/* What became of one role. */
struct outcome_of {
	enum outcome outcome;
	const char *name;
	const char *version; /* asked for, or NULL: the default branch */
	const char *before; /* UPDATED: what was there, or NULL */
	const char *commit; /* or NULL */
	uint64_t files, bytes;
	uint32_t took_ms;
	const struct error *err; /* FAILED */
	size_t order; /* its place in the plan: files first, then what those
			 depend on */
	bool meta_empty; /* its meta/main.yml says nothing */
	unsigned again; /* so often it is asked for once more */
	const char *src; /* where it comes from */
	const char *url; /* INSTALLED, UPDATED: what a Galaxy name stood for */
	bool galaxy; /* that is a name, not an URL */
	bool git; /* a repository, which has a default branch */
};

/* What comes of a dependency when it is found. */
enum need { NEED_ADDED, NEED_PENDING, NEED_INSTALLED };

/*
 * Life cycle: ui_open(), the rest as one likes, ui_close(); ui_error() and
 * ui_warn() work outside of that too.  Looks at descriptors 1 and 2, TERM and
 * NO_COLOR, and takes LC_CTYPE from the environment.  Nothing is buffered, so
 * one may fork at any time; SIGPIPE has to be ignored by the caller.
 */
void ui_open(enum ui_level);

/*
 * Before the first role of a run: the shape, and the roles directory that
 * UI_GALAXY names in its lines.  That one has neither colours nor live lines
 * nor a summary, and keeps lines back until it is their role's turn: the last
 * come with ui_summary() or ui_close().  After UI_LOOK another run may follow,
 * of which what was failed before is no part.
 */
void ui_set_shape(enum ui_shape, const char *path);

/*
 * How many roles there are to fetch, and how many are settled without that:
 * in place, or refused.  ui_role() is told of these as well.
 */
void ui_begin(size_t todo, size_t settled);
/* There are more: what roles depend on was found. */
void ui_more(size_t todo, size_t settled);
/* A worker has begun with role id. */
void ui_start(uint32_t id, const char *name);
void ui_progress(uint32_t id, enum phase, uint64_t done, uint64_t total);
/* It is finished, or put back: its live line goes. */
void ui_stop(uint32_t id);
/* Repaint if a tenth of a second has gone by. */
void ui_tick(void);

/* Take the live lines away; the next repaint brings them back. */
void ui_hide(void);

/* Once for every role, also those in place: its line, above the live ones. */
void ui_role(const struct outcome_of *);

/* Why a role of that name has failed, or NULL.  Borrowed. */
const struct error *ui_failure(const char *name);

/*
 * The role of order "of" depends on another; said behind its lines.  Best
 * before ui_role() tells of that role.  UI_OWN has a note for what is
 * added.
 */
void ui_need(size_t of, enum need, const char *name, const char *version);

void ui_note(const char *, ...) PRINTF_LIKE(1, 2); /* -v, to stderr */
bool ui_is_verbose(void); /* somebody sees notes */
void ui_info(const char *, ...) PRINTF_LIKE(1, 2); /* a result; not with -q */
void ui_warn(const char *, ...) PRINTF_LIKE(1, 2);

/*
 * A line of a diff, which comes from files: not with -q, escaped as
 * escape_text() does, of any length, and with whatever passwords it has, as
 * it would not be true otherwise.  The kind is one of fetch/diff.h's.
 */
void ui_diff(char kind, const char *text, size_t len);

/*
 * A result of so many rows, the first of them a heading, with cells[row *
 * columns + column]; not with -q.  Each column is as wide as it needs; on a
 * terminal that is narrower the widest give way.
 */
void ui_table(const char *const *cells, size_t rows, size_t columns);
void ui_error(const struct error *);

/* We wait for the lock of a directory; holder 0: nobody knows who has it. */
void ui_waiting(const char *path, long holder);

/*
 * The numbers at the end, the failures again if more than a few other lines
 * were said, and for each kind of failure once what to do.  Ends the live
 * lines.
 */
void ui_summary(void);

/*
 * Take the live lines away and flush.  -1 with ERR_LOCAL if standard output
 * could not be written; a closed pipe is no error.
 */
int ui_close(struct error *);

/* What can be done about an error of this kind, or NULL. */
const char *ui_advice(enum error_kind);

#endif
