#include "kelpie/clock.h"

#include "check.h"

static void
silence_ends_patience(void)
{
	struct patience p;

	patience_begin(&p);
	CHECK(!patience_ends(&p, 4));
	p.heard -= 4000;
	CHECK(patience_ends(&p, 4));
	patience_renew(&p);
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

int
main(void)
{
	RUN(silence_ends_patience);
	RUN(the_time_in_which_we_were_stopped_does_not_count);
	return check_done();
}
