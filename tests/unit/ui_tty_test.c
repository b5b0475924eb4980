#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "grab.h"
#include "kelpie/clock.h"
#include "kelpie/ui.h"
#include "term.h"
#include "ui_priv.h"

static void
installed(const char *name)
{
	const struct outcome_of o = {OUT_INSTALLED, name, "v1.2.0", NULL,
	    "3f2c1ab8d3f2c1ab8d3f2c1ab8d3f2c1ab8d1234", 45, 4096, 210, NULL};

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

static struct term term;
static char bytes[10000];
static int master, slave;

/* What the terminal shows now; *bytes is what it was sent. */
static const char *
look(void)
{
	term_feed(&term, bytes, grab_tty(master, slave, bytes, sizeof(bytes)));
	return term_all(&term);
}

/* Run on a terminal; the descriptors in std are put on it. */
static void
on_terminal(bool both, void (*run)(void))
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct error err = {0};

	if (openpty(&master, &slave, NULL, NULL, &size) == -1)
		abort();
	term_init(&term, 80, 24);
	replace(2, slave);
	replace(1, both ? slave : saved[2]);
	if (!both && dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 1) == -1)
		abort();
	ui_open(UI_NORMAL);
	run();
	(void)ui_close(&err);
	put_back(2);
	put_back(1);
	(void)look();
	CHECK(term.odd == 0 && term.x == 0);
	(void)close(slave);
	(void)close(master);
}

/* Tick until the block is there, at most for as long as it may take. */
static bool
wait_for_block(void)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	uint64_t until = clock_ms() + 5000;

	while (clock_ms() < until) {
		ui_tick();
		if (poll(&p, 1, 1) == 1)
			return true;
	}
	return false;
}

static char shown[2][sizeof(bytes)];
static bool appeared;

static void
three_roles(void)
{
	const struct outcome_of kept = {OUT_KEPT, .name = "old"};

	ui_begin(3, 1);
	ui_role(&kept);
	ui_start(1, "nginx");
	ui_start(2, "common");
	ui_progress(2, PHASE_UNPACK, 1, 4);
	appeared = wait_for_block();
	(void)snprintf(shown[0], sizeof(shown[0]), "%s", look());
	ui_stop(1);
	installed("nginx");
	appeared = appeared && wait_for_block();
	(void)snprintf(shown[1], sizeof(shown[1]), "%s", look());
	failed("db", ERR_CHILD, "killed");
}

static void
results_stand_above_the_live_lines(void)
{
	char *cut;

	on_terminal(true, three_roles);
	CHECK(appeared);
	/* How long it took is nobody's promise. */
	cut = strstr(shown[0], " running");
	if (cut != NULL)
		*cut = '\0';
	cut = strstr(shown[1], " running");
	if (cut != NULL)
		*cut = '\0';
	CHECK_STR(shown[0],
	    "nginx   connecting\n"
	    "common  unpacking 1/4 25%      [==        ]\n[0/3] 2");
	CHECK(strncmp(shown[1],
		  "nginx: installed v1.2.0 (3f2c1ab, 45 files, 0.2 s)\n",
		  51) == 0);
}

static void
nothing_live_is_left_after_ui_close(void)
{
	on_terminal(true, three_roles);
	CHECK_STR(term_all(&term),
	    "nginx: installed v1.2.0 (3f2c1ab, 45 files, 0.2 s)\n"
	    "db: FAILED: killed\n");
}

static void
only_stderr_is_a_terminal(void)
{
	on_terminal(false, three_roles);
	CHECK(appeared);
	CHECK_STR(term_all(&term), "db: FAILED: killed\n");
}

/* Longer than a repaint lets wait for itself. */
static void
tick_for_a_while(void)
{
	uint64_t until = clock_ms() + 150;

	while (clock_ms() < until)
		ui_tick();
}

static void
one_refused(void)
{
	ui_begin(3, 1);
	failed("db", ERR_REFUSED, "edited");
	ui_start(1, "nginx");
	appeared = wait_for_block();
	tick_for_a_while();
	(void)snprintf(shown[0], sizeof(shown[0]), "%s", look());
}

static void
what_the_plan_refused_is_no_progress(void)
{
	on_terminal(true, one_refused);
	CHECK(appeared && strstr(shown[0], "[0/3] 1 running") != NULL);
}

static void
summary_after_live(void)
{
	ui_begin(9, 0);
	ui_start(1, "nginx");
	appeared = wait_for_block();
	ui_summary();
	tick_for_a_while();
	(void)snprintf(shown[0], sizeof(shown[0]), "%s", look());
}

static void
the_summary_ends_the_live_lines(void)
{
	on_terminal(true, summary_after_live);
	CHECK(appeared);
	CHECK_STR(shown[0], "nothing to do\n");
}

static void
coloured(void)
{
	installed("a");
	failed("b", ERR_LOCAL, "why");
	ui_warn("careful");
	(void)look();
	(void)snprintf(shown[0], sizeof(shown[0]), "%s", bytes);
}

static void
colours_are_for_terminals(void)
{
	on_terminal(true, coloured);
	CHECK_STR(shown[0],
	    "a: \033[32minstalled v1.2.0\033[0m"
	    "\033[2m (3f2c1ab, 45 files, 0.2 s)\033[0m\r\n"
	    "b: \033[31mFAILED\033[0m: why\r\n"
	    "kelpie: \033[33mwarning:\033[0m careful\r\n");
}

static void
no_color_takes_the_colours_only(void)
{
	CHECK(setenv("NO_COLOR", "1", 1) == 0);
	on_terminal(true, coloured);
	CHECK(strchr(shown[0], '\033') == NULL);
	on_terminal(true, three_roles);
	CHECK(appeared && term.colors == 0);
	CHECK(setenv("NO_COLOR", "", 1) == 0);
	on_terminal(true, coloured);
	CHECK(strchr(shown[0], '\033') != NULL);
	CHECK(unsetenv("NO_COLOR") == 0);
}

static void
no_block(void)
{
	ui_begin(3, 0);
	ui_start(1, "nginx");
	tick_for_a_while();
	coloured();
}

static void
a_dumb_terminal_gets_plain_lines(void)
{
	CHECK(setenv("TERM", "dumb", 1) == 0);
	on_terminal(true, no_block);
	CHECK_STR(shown[0],
	    "a: installed v1.2.0 (3f2c1ab, 45 files, 0.2 s)\r\n"
	    "b: FAILED: why\r\nkelpie: warning: careful\r\n");
	CHECK(unsetenv("TERM") == 0);
	on_terminal(true, no_block);
	CHECK(strchr(shown[0], '\033') == NULL);
	CHECK(setenv("TERM", "xterm", 1) == 0);
}

int
main(void)
{
	if (setenv("LC_ALL", "C.UTF-8", 1) == -1 ||
	    setenv("TERM", "xterm", 1) == -1 || unsetenv("NO_COLOR") == -1 ||
	    setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	RUN(results_stand_above_the_live_lines);
	RUN(nothing_live_is_left_after_ui_close);
	RUN(only_stderr_is_a_terminal);
	RUN(what_the_plan_refused_is_no_progress);
	RUN(the_summary_ends_the_live_lines);
	RUN(colours_are_for_terminals);
	RUN(no_color_takes_the_colours_only);
	RUN(a_dumb_terminal_gets_plain_lines);
	return check_done();
}
