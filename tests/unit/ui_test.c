#include "kelpie/ui.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "grab.h"

#define COMMIT "3f2c1ab8d3f2c1ab8d3f2c1ab8d3f2c1ab8d1234"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What was printed while descriptors 1 and 2 were ours. */
static char out[1 << 17], errs[1 << 17];
static void
slurp(FILE *f, char *to, size_t size)
{
	rewind(f);
	to[fread(to, 1, size - 1, f)] = '\0';
	(void)fclose(f);
}

/* Run with both descriptors in files, from ui_open() to ui_close(). */
static void
plain(enum ui_level level, void (*run)(void))
{
	FILE *o = tmpfile(), *e = tmpfile();
	struct error err = {0};
	int rc;

	if (o == NULL || e == NULL)
		abort();
	replace(1, fileno(o));
	replace(2, fileno(e));
	ui_open(level);
	run();
	rc = ui_close(&err);
	put_back(2);
	put_back(1);
	slurp(o, out, sizeof(out));
	slurp(e, errs, sizeof(errs));
	CHECK(rc == 0);
}

static void
installed(const char *name)
{
	const struct outcome_of o = {OUT_INSTALLED, name, "v1.2.0", NULL,
	    COMMIT, 45, 4096, 210, NULL};

	ui_role(&o);
}

static void
failed(const char *name, enum error_kind kind, const char *msg)
{
	struct error err;
	const struct outcome_of o = {OUT_FAILED, .name = name, .err = &err};

	(void)error_set(&err, kind, "%s", msg);
	ui_role(&o);
}

static void
ended(enum outcome outcome, const char *name)
{
	const struct outcome_of o = {outcome, .name = name,
	    .version = "v1.2.0"};

	ui_role(&o);
}

/* --- plain lines --- */

static void
each_outcome_has_its_line(void)
{
	static const struct {
		struct outcome_of o;
		const char *want;
	} t[] = {
	    {{OUT_INSTALLED, "nginx", "v1.2.0", NULL, COMMIT, 45, 9, 210, NULL},
		"nginx: installed v1.2.0 (3f2c1ab, 45 files, 0.2 s)\n"},
	    {{OUT_INSTALLED, "nginx", NULL, NULL, COMMIT, 1, 9, 75000, NULL,
		 .git = true},
		"nginx: installed the default branch (3f2c1ab, 1 file, "
		"75 s)\n"},
	    {{OUT_INSTALLED, "nginx", COMMIT, NULL, COMMIT, 2, 9, 0, NULL},
		"nginx: installed 3f2c1ab (2 files, 0 ms)\n"},
	    {{OUT_INSTALLED, "nginx", "1.0", NULL, NULL, 2, 9, 0, NULL},
		"nginx: installed 1.0 (2 files, 0 ms)\n"},
	    {{OUT_UPDATED, "nginx", "v1.2.0", "v1.1.0", COMMIT, 45, 9, 210,
		 NULL},
		"nginx: updated v1.1.0 -> v1.2.0 (3f2c1ab)\n"},
	    {{OUT_UPDATED, "nginx", "main", "main", COMMIT, 45, 9, 210, NULL},
		"nginx: updated main (3f2c1ab)\n"},
	    {{OUT_UPDATED, "nginx", "v1.2.0", NULL, NULL, 45, 9, 210, NULL},
		"nginx: updated to v1.2.0\n"},
	    {{OUT_UPDATED, "nginx", NULL, "v1.1.0", COMMIT, 45, 9, 210, NULL,
		 .git = true},
		"nginx: updated v1.1.0 -> the default branch (3f2c1ab)\n"},
	    {{OUT_UPDATED, "nginx", "", "", COMMIT, 45, 9, 210, NULL,
		 .git = true},
		"nginx: updated the default branch (3f2c1ab)\n"},
	    {{OUT_KEPT, .name = "nginx", .version = "v1.2.0"},
		"nginx: v1.2.0 is already there\n"},
	    {{OUT_KEPT, .name = "nginx", .git = true},
		"nginx: the default branch is already there\n"},
	    {{OUT_KEPT, .name = "nginx"}, "nginx: is already there\n"},
	    {{OUT_INSTALLED, "nginx", NULL, NULL, NULL, 2, 9, 0, NULL},
		"nginx: installed (2 files, 0 ms)\n"},
	    {{OUT_UPDATED, "nginx", NULL, "1.0", NULL, 2, 9, 0, NULL},
		"nginx: updated\n"},
	    {{OUT_CANCELLED, .name = "nginx", .version = "v1.2.0"},
		"nginx: cancelled\n"},
	};
	FILE *f;
	size_t i;

	for (i = 0; i < COUNT(t); i++) {
		f = tmpfile();
		if (f == NULL)
			abort();
		replace(1, fileno(f));
		ui_open(UI_VERBOSE);
		ui_role(&t[i].o);
		(void)ui_close(NULL);
		put_back(1);
		slurp(f, out, sizeof(out));
		CHECK_STR(out, t[i].want);
	}
}

static void
one_of_each(void)
{
	struct error err;

	ui_begin(4, 1);
	ended(OUT_KEPT, "k");
	ui_start(1, "i");
	ui_progress(1, PHASE_UNPACK, 1, 2);
	ui_tick();
	ui_stop(1);
	installed("i");
	failed("f", ERR_NETWORK, "https://u:p@h/x: fetch: timed out");
	ended(OUT_CANCELLED, "c");
	ui_note("a note %d", 1);
	ui_info("info %s", "two");
	ui_warn("warned %d times", 3);
	(void)error_set(&err, ERR_LOCAL, "disk full");
	ui_error(&err);
}

static void
results_go_to_stdout_and_trouble_to_stderr(void)
{
	plain(UI_NORMAL, one_of_each);
	CHECK_STR(out,
	    "i: installed v1.2.0 (3f2c1ab, 45 files, 0.2 s)\ninfo two\n");
	CHECK_STR(errs,
	    "f: FAILED: https://h/x: fetch: timed out\n"
	    "kelpie: warning: warned 3 times\n"
	    "kelpie: disk full\n");
}

static void
verbose_tells_kept_roles_and_notes(void)
{
	plain(UI_VERBOSE, one_of_each);
	CHECK_STR(out,
	    "k: v1.2.0 is already there\n"
	    "i: installed v1.2.0 (3f2c1ab, 45 files, 0.2 s)\n"
	    "c: cancelled\ninfo two\n");
	CHECK_STR(errs,
	    "f: FAILED: https://h/x: fetch: timed out\n"
	    "a note 1\n"
	    "kelpie: warning: warned 3 times\n"
	    "kelpie: disk full\n");
}

static void
one_of_each_and_summary(void)
{
	one_of_each();
	ui_summary();
}

static void
quiet_tells_failures_warnings_and_errors(void)
{
	plain(UI_QUIET, one_of_each_and_summary);
	CHECK_STR(out, "");
	CHECK_STR(errs,
	    "f: FAILED: https://h/x: fetch: timed out\n"
	    "kelpie: warning: warned 3 times\n"
	    "kelpie: disk full\n");
}

static void
before_ui_open_an_error_is_a_plain_line(void)
{
	FILE *f = tmpfile();
	struct error err;

	if (f == NULL)
		abort();
	(void)error_set(&err, ERR_USAGE, "no such option '-\033'");
	replace(2, fileno(f));
	ui_error(&err);
	put_back(2);
	slurp(f, errs, sizeof(errs));
	CHECK_STR(errs, "kelpie: no such option '-\\x1b'\n");
}

#define EVIL "e\033[31m\r\n\177\302\233\357\273\277 https://u:secret@h/\377"
#define TAME \
	"e\\x1b[31m\\x0d\\x0a\\x7f\\xc2\\x9b\\xef\\xbb\\xbf https://h/\\xff"

static void
evil_everywhere(void)
{
	struct outcome_of o = {OUT_INSTALLED, EVIL, EVIL, NULL, EVIL, 1, 1, 1,
	    NULL};
	struct error err;

	ui_role(&o);
	o.outcome = OUT_UPDATED;
	o.before = "https://old:secret@h";
	ui_role(&o);
	o.outcome = OUT_KEPT;
	ui_role(&o);
	failed(EVIL, ERR_AUTH, EVIL);
	ui_note("%s", EVIL);
	ui_info("%s", EVIL);
	ui_warn("%s", EVIL);
	(void)error_set(&err, ERR_LOCAL, "%s", EVIL);
	ui_error(&err);
	for (int i = 0; i < 20; i++)
		installed("x");
	ui_summary();
}

static bool
is_clean(const char *s)
{
	for (; *s != '\0'; s++)
		if ((*s & 0x80) != 0 || *s == 0x7f || (*s < 0x20 && *s != '\n'))
			return false;
	return true;
}

static void
nothing_from_outside_is_printed_as_it_came(void)
{
	plain(UI_VERBOSE, evil_everywhere);
	CHECK(is_clean(out) && is_clean(errs));
	CHECK(strstr(out, "secret") == NULL && strstr(errs, "secret") == NULL);
	CHECK(
	    strncmp(out, TAME ": installed " TAME " (", 2 * sizeof(TAME)) == 0);
	CHECK(strstr(errs, TAME ": FAILED: " TAME "\n") != NULL);
	CHECK(strstr(errs, "kelpie: warning: " TAME "\n") != NULL);
	CHECK(strstr(errs, "kelpie: " TAME "\n") != NULL);
	CHECK(strstr(errs, "\n  " TAME ": " TAME "\n") != NULL);
}

static void
very_long_lines(void)
{
	char *s = malloc(20001);

	if (s == NULL)
		abort();
	memset(s, 'x', 20000);
	s[20000] = '\0';
	ui_info("%s", s);
	memset(s, '\001', 20000);
	ui_warn("%s", s);
	memcpy(s, "https://u:", 10);
	memcpy(s + 19990, "@h", 3);
	ui_warn("%s", s);
	installed(s);
	free(s);
}

static void
lines_have_4096_bytes_at_most(void)
{
	const char *s = errs, *nl;

	plain(UI_NORMAL, very_long_lines);
	CHECK(strcspn(out, "\n") > 4000 && strcspn(out, "\n") < 4096);
	CHECK(strstr(out, "...\n") != NULL);
	for (; (nl = strchr(s, '\n')) != NULL; s = nl + 1)
		CHECK(nl - s < 4096);
	CHECK(strstr(errs, "kelpie: warning: https://h\n") != NULL);
}

/* --- the summary --- */

/* The line of numbers ends in a time that no test can know. */
static const char *
numbers(void)
{
	char *in = NULL, *p;

	for (p = out; (p = strstr(p, " in ")) != NULL; p++)
		in = p;
	if (in != NULL)
		*in = '\0';
	in = strrchr(out, '\n');
	return in == NULL || in[1] == '\0' ? out : in + 1;
}

static void
mixed(void)
{
	/* 36 in place, and one that the plan refused. */
	ui_begin(3, 37);
	for (int i = 0; i < 36; i++)
		ended(OUT_KEPT, "k");
	installed("a");
	installed("b");
	ended(OUT_UPDATED, "c");
	failed("d", ERR_NETWORK, "h: fetch: timed out");
	ui_summary();
}

static void
the_summary_counts_what_is_not_zero(void)
{
	plain(UI_NORMAL, mixed);
	CHECK_STR(numbers(),
	    "2 installed, 1 updated, 36 already there, 1 failed");
	/* One failure in four lines: it need not be said again. */
	CHECK_STR(errs,
	    "d: FAILED: h: fetch: timed out\n"
	    "hint: check the network and run the same command again: what is "
	    "installed stays\n");
}

static void
nothing(void)
{
	ui_begin(0, 0);
	ui_summary();
}

static void
all_in_place(void)
{
	ui_begin(0, 40);
	for (int i = 0; i < 40; i++)
		ended(OUT_KEPT, "k");
	ui_summary();
}

static void
one_in_place(void)
{
	ui_begin(0, 1);
	ended(OUT_KEPT, "k");
	ui_summary();
}

static void
nothing_to_do_is_said_so(void)
{
	plain(UI_NORMAL, nothing);
	CHECK_STR(out, "nothing to do\n");
	plain(UI_NORMAL, all_in_place);
	CHECK_STR(out, "nothing to do, 40 roles are in place\n");
	plain(UI_NORMAL, one_in_place);
	CHECK_STR(out, "nothing to do, 1 role is in place\n");
	CHECK_STR(errs, "");
}

static void
many_with_five_failures(void)
{
	char name[16];

	ui_begin(60, 0);
	for (int i = 0; i < 60; i++) {
		(void)snprintf(name, sizeof(name), "r%d", i);
		if (i % 12 == 3)
			failed(name, i == 27 ? ERR_NOTFOUND : ERR_NETWORK,
			    i == 27 ? "h: no tag 'v9'" : "h: timed out");
		else
			installed(name);
	}
	ui_summary();
}

static void
failures_that_scrolled_away_are_told_again(void)
{
	const char *block;

	plain(UI_NORMAL, many_with_five_failures);
	CHECK_STR(numbers(), "55 installed, 5 failed");
	block = strstr(errs, "5 roles failed:\n");
	CHECK_STR(block != NULL ? block : "",
	    "5 roles failed:\n"
	    "  r3: h: timed out\n"
	    "  r15: h: timed out\n"
	    "  r27: h: no tag 'v9'\n"
	    "  r39: h: timed out\n"
	    "  r51: h: timed out\n"
	    "hint: check the network and run the same command again: what is "
	    "installed stays\n"
	    "hint: look at the spelling of the source and the version\n");
}

static void
interrupted(void)
{
	ui_begin(3, 0);
	installed("a");
	ended(OUT_CANCELLED, "b");
	ended(OUT_CANCELLED, "c");
	ui_summary();
}

static void
cancelled_roles_are_counted(void)
{
	plain(UI_NORMAL, interrupted);
	CHECK_STR(numbers(), "1 installed, 2 cancelled");
	CHECK_STR(errs,
	    "hint: run the same command again for the rest: what is installed "
	    "stays\n");
}

/* What was refused says itself what can be done. */
static void
every_error_but_a_refusal_has_advice(void)
{
	CHECK(ui_advice(ERR_NONE) == NULL);
	for (int k = ERR_USAGE; k <= ERR_CANCELLED; k++)
		CHECK((ui_advice((enum error_kind)k) == NULL) ==
		    (k == ERR_REFUSED));
}

static void
refused(void)
{
	failed("d", ERR_REFUSED, "edited by hand, --force replaces it");
	ui_summary();
}

static void
without_advice_there_is_no_hint(void)
{
	plain(UI_NORMAL, refused);
	CHECK_STR(errs, "d: FAILED: edited by hand, --force replaces it\n");
}

/* --- descriptors that fail --- */

static int
print_to(int fd, struct error *err)
{
	int rc;

	replace(1, fd);
	ui_open(UI_NORMAL);
	installed("a");
	installed("b");
	rc = ui_close(err);
	put_back(1);
	(void)close(fd);
	return rc;
}

static void
a_full_disk_is_told_once(void)
{
	struct error err = {0};

	CHECK(print_to(open("/dev/full", O_WRONLY | O_CLOEXEC), &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "write to standard output: No space left on device");
	CHECK(ui_close(&err) == 0);
}

static void
a_closed_pipe_is_no_error(void)
{
	struct error err = {0};
	int p[2];

	CHECK(pipe2(p, O_CLOEXEC) == 0);
	(void)close(p[0]);
	CHECK(print_to(p[1], &err) == 0);
	CHECK(err.kind == ERR_NONE);
}

static void
after_a_failed_write_stdout_is_left_alone(void)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	FILE *f = tmpfile();
	struct error err;

	if (full == -1 || f == NULL)
		abort();
	replace(1, full);
	ui_open(UI_NORMAL);
	ui_info("lost");
	(void)dup2(fileno(f), 1);
	ui_info("not the beginning");
	CHECK(ui_close(&err) == -1);
	put_back(1);
	(void)close(full);
	slurp(f, out, sizeof(out));
	CHECK_STR(out, "");
}

static void
lines_are_in_the_pipe_at_once(void)
{
	char line[100] = "";
	int p[2];

	CHECK(pipe2(p, O_CLOEXEC | O_NONBLOCK) == 0);
	replace(1, p[1]);
	ui_open(UI_NORMAL);
	ui_info("one");
	put_back(1);
	CHECK(read(p[0], line, sizeof(line) - 1) == 4);
	CHECK_STR(line, "one\n");
	(void)ui_close(NULL);
	(void)close(p[0]);
	(void)close(p[1]);
}

int
main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	RUN(before_ui_open_an_error_is_a_plain_line);
	RUN(each_outcome_has_its_line);
	RUN(results_go_to_stdout_and_trouble_to_stderr);
	RUN(verbose_tells_kept_roles_and_notes);
	RUN(quiet_tells_failures_warnings_and_errors);
	RUN(nothing_from_outside_is_printed_as_it_came);
	RUN(lines_have_4096_bytes_at_most);
	RUN(the_summary_counts_what_is_not_zero);
	RUN(nothing_to_do_is_said_so);
	RUN(failures_that_scrolled_away_are_told_again);
	RUN(cancelled_roles_are_counted);
	RUN(every_error_but_a_refusal_has_advice);
	RUN(without_advice_there_is_no_hint);
	RUN(a_full_disk_is_told_once);
	RUN(a_closed_pipe_is_no_error);
	RUN(after_a_failed_write_stdout_is_left_alone);
	RUN(lines_are_in_the_pipe_at_once);
	return check_done();
}
