#include "kelpie/clock.h"

#include "check.h"
#include "kelpie/error.h"

static void
silence_ends_patience(void)
{
	struct patience p;

	patience_begin(&p);
	CHECK(!patience_ends(&p, 4));
	p.heard -= 4000;
	CHECK(patience_ends(&p, 4));
	patience_renew(&p, 1);
	CHECK(!patience_ends(&p, 4));
}

static void
the_time_in_which_we_were_stopped_does_not_count(void)
{
	struct patience p;

	patience_begin(&p);
	p.heard -= 60000;
	p.looked -= 4000;
	CHECK(!patience_ends(&p, 4));
	p.heard -= 60000;
	CHECK(patience_ends(&p, 4));
}

/* Ten times as long, with so many bytes: is that the end? */
static bool
ends_with(size_t bytes)
{
	struct patience p;

	patience_begin(&p);
	patience_renew(&p, bytes);
	p.since -= 40000;
	return patience_ends(&p, 4);
}

static void
a_byte_now_and_then_does_not_last_for_ever(void)
{
	CHECK(ends_with(0) && ends_with(639));
	CHECK(!ends_with(640));
}

static void
bytes_are_counted_anew_and_the_end_has_its_words(void)
{
	struct patience p;
	struct error err;

	patience_begin(&p);
	patience_renew(&p, 2000);
	p.since -= 40000;
	CHECK(!patience_ends(&p, 4));
	p.since -= 40000;
	CHECK(patience_ends(&p, 4));
	CHECK(patience_fail(&p, 4, &err) == -1 && err.kind == ERR_NETWORK);
	CHECK_HAS(err.msg, "less than 16 bytes a second for 40 seconds");
	p.heard -= 4000;
	CHECK(patience_fail(&p, 4, &err) == -1);
	CHECK_STR(err.msg, "not a byte from the server for 4 seconds");
}

int
main(void)
{
	RUN(silence_ends_patience);
	RUN(the_time_in_which_we_were_stopped_does_not_count);
	RUN(a_byte_now_and_then_does_not_last_for_ever);
	RUN(bytes_are_counted_anew_and_the_end_has_its_words);
	return check_done();
}
