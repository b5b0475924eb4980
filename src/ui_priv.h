/*
 * ui_priv.h - what the parts of ui share.
 *
 * ui_text.c turns strings and numbers into what may be shown, ui_live.c
 * draws the lines that change, ui_out.c prints those that stay,
 * ui_report.c words what became of the roles, ui_galaxy.c does so in the words
 * and the order of ansible-galaxy, ui_diff.c shows lines of a diff, ui_table.c
 * a table, and ui.c owns the state of all of them.  Nobody else includes this.
 */
#ifndef UI_PRIV_H
#define UI_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kelpie/buf.h"
#include "kelpie/msg.h"
#include "kelpie/ui.h"

/* Enough for any number that the functions below write. */
#define NUMBER_MAX 32

/* "912 B", "3.1 KB", "120 MB".  Returns out, NUMBER_MAX bytes. */
char *text_size(char *out, uint64_t bytes);
/* "0.2 s", "75 s", "2 min 5 s".  Returns out, NUMBER_MAX bytes. */
char *text_time(char *out, uint64_t ms);

/* Take user and password out of every URL in s, in place. */
void text_redact(char *s);

/*
 * A copy that a terminal can show in as many columns as text_width() says:
 * redacted, escaped, and all in ASCII unless the locale is a UTF-8 one.
 */
char *text_screen(const char *s);
size_t text_width(const char *s);
/*
 * Append s, cut in the middle if it is wider than width.  Returns the
 * columns it takes.
 */
size_t text_fit(struct buf *, const char *s, size_t width);
/* The size of the terminal at fd. */
void live_window(int fd, size_t *rows, size_t *cols);

/* How many rows a terminal of cols columns makes of the lines in s. */
size_t text_rows(const char *s, size_t cols);

/* Write all of it, in one piece if the system lets us.  -1 with errno. */
int text_write(int fd, const char *, size_t);

/* A role that a worker has in its hands. */
struct live_job {
	uint32_t id;
	char *name; /* as text_screen() made it */
	enum phase phase;
	uint64_t done, total;
	uint64_t received; /* bytes, kept beyond PHASE_RECEIVE */
};

/* The block of lines at the foot of a terminal.  {0} is one that is off. */
struct live {
	bool on, color;
	int fd;
	uint64_t start, last; /* ms: the run's begin, the latest paint */
	size_t todo, finished;
	uint64_t received; /* bytes, of roles that were stopped */
	struct live_job *v; /* in the order they were started */
	size_t n, cap;
	size_t name_width; /* of the longest name so far */
	struct buf shown; /* what is on the screen, without colours */
	size_t cols; /* the width it was painted for */
};

/* Time is the caller's, in milliseconds, so that tests need not wait. */
void live_open(struct live *, int fd, bool color, uint64_t now);
/* Takes the lines away; the struct is off afterwards. */
void live_close(struct live *);

/* All of these do nothing if it is off. */
void live_start(struct live *, uint32_t id, const char *name);
void live_progress(struct live *, uint32_t id, enum phase, uint64_t done,
    uint64_t total);
void live_stop(struct live *, uint32_t id);
/*
 * Paint, unless that was done less than a tenth of a second ago, or, if the
 * lines were taken away since, a fiftieth.
 */
void live_tick(struct live *, uint64_t now);
/* Take the lines away until the next paint. */
void live_erase(struct live *);

/* SGR parameters of ECMA-48. */
enum color {
	PLAIN = 0,
	BOLD = 1,
	DIM = 2,
	RED = 31,
	GREEN = 32,
	YELLOW = 33,
	CYAN = 36
};

struct part {
	enum color color;
	const char *text;
};

/* Where lines go.  {0} prints them without colours. */
struct out {
	bool tty[3], color[3]; /* by descriptor */
	bool gone; /* standard output takes no more */
	int error; /* its errno, unless nobody wanted to read */
	struct live live; /* what has to make way for a line */
};

/* Look at descriptors 1 and 2 and at the environment. */
void out_open(struct out *, bool want_live);
/* Neither colours nor live lines from now on. */
void out_plain(struct out *);
/* The one way out for text: redacted, escaped, at most 4 KiB, flushed. */
void out_say(struct out *, int fd, const struct part *, size_t n);
/* For what is escaped already, and ends in a newline. */
void out_write(struct out *, int fd, const char *, size_t len);

/* A line of a diff as it is to be shown, in git's colours or without; where it
 * goes to no terminal, a line may end in CR LF. */
void diff_line(struct buf *, char kind, const char *text, size_t len,
    const struct out *);

/* See ui_table(). */
void table_say(struct out *, const char *const *cells, size_t rows,
    size_t columns);

struct failure {
	char *name;
	struct error err;
};

/* What became of the roles so far. */
struct report {
	enum ui_shape shape;
	size_t count[OUT_CANCELLED + 1];
	size_t settled; /* that nobody has to fetch */
	size_t said; /* lines on roles that did not fail */
	struct failure *failed;
	size_t nfailed;
};

/* Count a role and say its line. */
void report_role(struct report *, struct out *, enum ui_level,
    const struct outcome_of *);
void report_summary(const struct report *, struct out *, uint64_t ms);
const struct error *report_failure(const struct report *, const char *name);
void report_free(struct report *);

/* Lines that wait. */
struct kept {
	struct kept_line {
		int fd;
		char *text;
	} * v;
	size_t n;
};

/* What is to be said of one role: itself, then what it depends on. */
struct turn {
	bool told; /* ui_role() has come */
	struct kept role, needs;
};

/* The roles in the order of the file; each waits for those before it. */
struct turns {
	struct out *out;
	char *path; /* of the roles */
	struct turn *v;
	size_t n;
	size_t next; /* all before this one have had their turn */
	char **in_place; /* dependencies that were said to be there */
	size_t in_place_n;
};

/* A role whose turn has been is told of at once. */
void turns_role(struct turns *, const struct outcome_of *);
void turns_need(struct turns *, size_t of, enum need, const char *name,
    const char *version);
/* No more will come: say what still waits for somebody. */
void turns_rest(struct turns *);
void turns_free(struct turns *);

#endif
