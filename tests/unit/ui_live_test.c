#include <sys/ioctl.h>
#include <sys/socket.h>

#include <locale.h>
#include <pty.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "grab.h"
#include "term.h"
#include "ui_priv.h"

/* The block, the terminal it is on, and a clock that we turn. */
static struct {
	struct live live;
	struct term term;
	int master, slave;
	uint64_t now;
	char bytes[65536]; /* the latest */
	size_t nbytes;
} t;

static void
resize(unsigned short w, unsigned short h)
{
	struct winsize size = {.ws_row = h, .ws_col = w};

	CHECK(ioctl(t.master, TIOCSWINSZ, &size) == 0);
}

static void
begin(unsigned short w, unsigned short h)
{
	CHECK(openpty(&t.master, &t.slave, NULL, NULL, NULL) == 0);
	resize(w, h);
	term_init(&t.term, w, h);
	t.now = 1000;
	live_open(&t.live, t.slave, false, t.now);
}

/* Let the terminal see what was written. */
static void
look(void)
{
	t.nbytes = grab_tty(t.master, t.slave, t.bytes, sizeof(t.bytes));
	term_feed(&t.term, t.bytes, t.nbytes);
}

/* Another paint is due: do it. */
static void
paint(void)
{
	t.now += 100;
	live_tick(&t.live, t.now);
	look();
}

static void
say(const char *line)
{
	live_erase(&t.live);
	CHECK(text_write(t.slave, line, strlen(line)) == 0);
	look();
}

static void
end(void)
{
	live_close(&t.live);
	look();
	CHECK(t.term.odd == 0);
	CHECK(t.term.x == 0);
	(void)close(t.slave);
	(void)close(t.master);
}

static void
start_many(uint32_t n)
{
	char name[32];

	for (uint32_t i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "role-%02u", i);
		live_start(&t.live, i, name);
	}
}

static void
every_phase_is_told_in_words(void)
{
	begin(80, 24);
	t.live.todo = 40;
	t.live.finished = 12;
	live_start(&t.live, 1, "a");
	live_start(&t.live, 2, "bcd");
	live_start(&t.live, 3, "e");
	live_start(&t.live, 4, "f");
	live_start(&t.live, 5, "g");
	live_progress(&t.live, 2, PHASE_RESOLVE, 0, 0);
	live_progress(&t.live, 3, PHASE_RECEIVE, 1200000, 0);
	live_progress(&t.live, 4, PHASE_UNPACK, 12, 45);
	live_progress(&t.live, 5, PHASE_RECEIVE, 1900000, 0);
	live_progress(&t.live, 5, PHASE_UNPACK, 99, 10);
	live_progress(&t.live, 77, PHASE_UNPACK, 1, 10);
	t.now += 4000;
	paint();
	CHECK_STR(term_screen(&t.term),
	    "a    connecting\n"
	    "bcd  resolving\n"
	    "e    receiving 1.2 MB\n"
	    "f    unpacking 12/45 26%    [==        ]\n"
	    "g    unpacking 99/10 100%   [==========]\n"
	    "[12/40] 5 running, 3.1 MB, 4 s\n");
	end();
	CHECK_STR(term_all(&t.term), "");
}

static void
a_stopped_role_leaves_and_its_bytes_stay_counted(void)
{
	begin(80, 24);
	t.live.todo = 2;
	live_start(&t.live, 1, "a");
	live_start(&t.live, 2, "b");
	live_progress(&t.live, 1, PHASE_RECEIVE, 2000, 0);
	paint();
	live_stop(&t.live, 1);
	live_stop(&t.live, 1);
	t.live.finished = 1;
	paint();
	CHECK_STR(term_screen(&t.term),
	    "b  connecting\n[1/2] 1 running, 2.0 KB, 0 s\n");
	live_stop(&t.live, 2);
	t.live.finished = 2;
	paint();
	CHECK_STR(term_all(&t.term), "");
	end();
}

static void
a_role_put_back_and_begun_again_has_one_line(void)
{
	begin(80, 24);
	live_start(&t.live, 1, "a");
	live_progress(&t.live, 1, PHASE_RESOLVE, 0, 0);
	live_start(&t.live, 1, "a");
	paint();
	CHECK_STR(term_screen(&t.term),
	    "a  connecting\n[0/1] 1 running, 0 s\n");
	end();
}

static void
a_line_that_stays_stands_above_the_block(void)
{
	begin(80, 10);
	start_many(3);
	paint();
	say("one\n");
	CHECK_STR(term_all(&t.term), "one\n");
	live_stop(&t.live, 1);
	paint();
	say("two\n");
	paint();
	CHECK_STR(term_all(&t.term),
	    "one\ntwo\nrole-00  connecting\nrole-02  connecting\n"
	    "[0/2] 2 running, 0 s\n");
	for (int i = 0; i < 20; i++) {
		say("more\n");
		paint();
	}
	end();
	CHECK(strstr(term_all(&t.term), "connecting") == NULL);
	CHECK(strstr(term_all(&t.term), "running") == NULL);
}

static void
the_block_comes_back_soon_after_a_line_that_stays(void)
{
	begin(80, 10);
	start_many(1);
	paint();
	say("one\n");
	t.now += 19;
	live_tick(&t.live, t.now);
	look();
	CHECK(t.nbytes == 0);
	t.now += 1;
	live_tick(&t.live, t.now);
	look();
	CHECK_STR(term_all(&t.term),
	    "one\nrole-00  connecting\n[0/1] 1 running, 0 s\n");
	end();
}

static void
change_size(unsigned short w, unsigned short h, bool erase)
{
	resize(w, h);
	term_resize(&t.term, w, h);
	if (erase) {
		live_erase(&t.live);
		look();
		CHECK_STR(term_all(&t.term), "above\n");
	}
	paint();
	CHECK(strncmp(term_all(&t.term), "above\na", 7) == 0);
}

/* What a terminal wraps anew when it gets narrower must go all the same. */
static void
a_resize_leaves_nothing_behind(void)
{
	static const struct {
		unsigned short w, h;
	} sizes[] = {{40, 24}, {80, 24}, {20, 30}, {120, 24}, {10, 40}, {60, 9},
	    {79, 24}};

	begin(80, 24);
	live_start(&t.live, 1,
	    "a_role_with_a_name_that_is_longer_than_a_narrow_window_is");
	live_start(&t.live, 2, "short");
	live_progress(&t.live, 1, PHASE_UNPACK, 12, 45);
	say("above\n");
	paint();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		change_size(sizes[i].w, sizes[i].h, i % 3 == 1);
	end();
	CHECK_STR(term_all(&t.term), "above\n");
}

static void
from_80_to_40_columns(void)
{
	begin(80, 24);
	live_start(&t.live, 1, "a_role_with_a_name_that_is_long");
	live_start(&t.live, 2, "nginx");
	live_progress(&t.live, 1, PHASE_UNPACK, 12, 45);
	paint();
	CHECK_STR(term_screen(&t.term),
	    "a_role_with_a_name_that_is_long  unpacking 12/45 26%    "
	    "[==        ]\n"
	    "nginx                            connecting\n"
	    "[0/2] 2 running, 0 s\n");
	resize(40, 24);
	term_resize(&t.term, 40, 24);
	CHECK(t.term.y == 5);
	paint();
	CHECK_STR(term_screen(&t.term),
	    "a_role...s_long  unpacking 12/45 26%\n"
	    "nginx            connecting\n"
	    "[0/2] 2 running, 0 s\n");
	CHECK(t.term.wraps == 0);
	end();
	CHECK_STR(term_all(&t.term), "");
}

static void
sixty_roles_fit_into_24_rows(void)
{
	begin(80, 24);
	t.live.todo = 60;
	start_many(60);
	for (int i = 0; i < 5; i++) {
		live_progress(&t.live, 0, PHASE_RECEIVE, (uint64_t)i, 0);
		paint();
	}
	CHECK(t.term.top == 0);
	CHECK(t.term.y == 17);
	CHECK(
	    strncmp(term_screen(&t.term), "role-00  receiving 4 B\n", 23) == 0);
	CHECK(strstr(term_screen(&t.term),
		  "role-14  connecting\n... and 45 more\n"
		  "[0/60] 60 running, 4 B, 0 s\n") != NULL);
	end();
	CHECK_STR(term_all(&t.term), "");
}

/* Whatever the window: nothing wraps, nothing scrolls, nothing is left. */
static void
every_size_of_window_holds_the_block(void)
{
	unsigned short w, h;

	for (w = 1; w <= 130; w++) {
		h = (unsigned short)(w % 13 + 1);
		begin(w, h);
		t.live.todo = 4000;
		start_many(w % 17 + 1);
		live_start(&t.live, 90,
		    "\346\227\245\346\234\254\350\252\236"
		    "\346\227\245\346\234\254\350\252\236");
		live_start(&t.live, 0, "bu\314\210cher-with-a-long-name");
		live_progress(&t.live, 1, PHASE_UNPACK, 1, UINT64_MAX);
		live_progress(&t.live, 0, PHASE_RECEIVE, UINT64_MAX, 0);
		paint();
		CHECK(t.term.wraps == 0 && t.term.top == 0);
		CHECK(t.term.y < h);
		CHECK((t.nbytes != 0) == (w >= 2 && h >= 2));
		end();
		CHECK_STR(term_all(&t.term), "");
	}
}

static void
ten_columns_show_names(void)
{
	begin(10, 24);
	live_start(&t.live, 1, "nginx");
	live_start(&t.live, 2, "geerlingguy.postgresql");
	paint();
	CHECK_STR(term_screen(&t.term), "nginx\ngee...sql\n[0/2] 2 r\n");
	end();
}

static void
a_terminal_that_does_not_know_its_size_has_80_columns(void)
{
	begin(0, 0);
	term_init(&t.term, 80, 24);
	start_many(60);
	live_progress(&t.live, 0, PHASE_UNPACK, 1, 2);
	paint();
	CHECK(t.term.wraps == 0 && t.term.y == 17);
	end();
}

static void
names_are_escaped_and_without_passwords(void)
{
	begin(80, 24);
	live_start(&t.live, 1, "a\033[2Jb\xff");
	live_start(&t.live, 2, "https://u:p@h/x");
	paint();
	CHECK_STR(term_screen(&t.term),
	    "a\\x1b[2Jb\\xff  connecting\n"
	    "https://h/x    connecting\n"
	    "[0/2] 2 running, 0 s\n");
	end();
}

static void
without_utf8_names_are_ascii(void)
{
	CHECK(setlocale(LC_CTYPE, "C") != NULL);
	begin(80, 24);
	live_start(&t.live, 1, "b\303\274cher");
	paint();
	CHECK_STR(term_screen(&t.term),
	    "b\\xc3\\xbccher  connecting\n[0/1] 1 running, 0 s\n");
	end();
	CHECK(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
}

/* A socket of packets counts the writes for us. */
static void
a_repaint_is_one_write_at_most_ten_times_a_second(void)
{
	int s[2], writes = 0;
	char packet[65536], last = 'J';
	ssize_t n;

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, s) == 0);
	live_open(&t.live, s[0], false, 0);
	start_many(30);
	for (uint64_t now = 0; now < 1000; now++) {
		live_progress(&t.live, 0, PHASE_RECEIVE, now, 0);
		live_tick(&t.live, now);
		while ((n = read(s[1], packet, sizeof(packet))) > 0) {
			writes++;
			last = packet[n - 1];
		}
		CHECK(last == 'J');
	}
	CHECK(writes == 9);
	live_close(&t.live);
	(void)close(s[0]);
	(void)close(s[1]);
}

static void
what_has_not_changed_is_not_painted_again(void)
{
	begin(80, 24);
	start_many(3);
	paint();
	CHECK(t.nbytes != 0);
	paint();
	CHECK(t.nbytes == 0);
	live_progress(&t.live, 2, PHASE_RESOLVE, 0, 0);
	paint();
	CHECK(t.nbytes != 0);
	end();
}

static void
the_first_tenth_of_a_second_shows_nothing(void)
{
	begin(80, 24);
	start_many(3);
	t.now += 99;
	live_tick(&t.live, t.now);
	look();
	CHECK(t.nbytes == 0);
	end();
	CHECK(t.nbytes == 0);
}

static void
phases_are_dim_where_colours_are_wanted(void)
{
	begin(80, 24);
	t.live.color = true;
	live_start(&t.live, 1, "nginx");
	paint();
	CHECK(strstr(t.bytes, "nginx  \033[2mconnecting\033[0m\033[K") != NULL);
	t.live.color = false;
	end();
	CHECK_STR(term_all(&t.term), "");
}

static void
a_block_that_is_off_does_nothing(void)
{
	struct live off = {0};

	live_start(&off, 1, "a");
	live_progress(&off, 1, PHASE_UNPACK, 1, 2);
	live_tick(&off, 100000);
	live_erase(&off);
	live_stop(&off, 1);
	CHECK(off.n == 0 && off.shown.len == 0);
	live_close(&off);
}

int
main(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	RUN(every_phase_is_told_in_words);
	RUN(a_stopped_role_leaves_and_its_bytes_stay_counted);
	RUN(a_role_put_back_and_begun_again_has_one_line);
	RUN(a_line_that_stays_stands_above_the_block);
	RUN(the_block_comes_back_soon_after_a_line_that_stays);
	RUN(a_resize_leaves_nothing_behind);
	RUN(from_80_to_40_columns);
	RUN(sixty_roles_fit_into_24_rows);
	RUN(every_size_of_window_holds_the_block);
	RUN(ten_columns_show_names);
	RUN(a_terminal_that_does_not_know_its_size_has_80_columns);
	RUN(names_are_escaped_and_without_passwords);
	RUN(without_utf8_names_are_ascii);
	RUN(a_repaint_is_one_write_at_most_ten_times_a_second);
	RUN(what_has_not_changed_is_not_painted_again);
	RUN(the_first_tenth_of_a_second_shows_nothing);
	RUN(phases_are_dim_where_colours_are_wanted);
	RUN(a_block_that_is_off_does_nothing);
	return check_done();
}
