#include "kelpie/git/wire.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "wire_lines.h"

/* Answers are written as their lines; these are special, as FLUSH is. */
#define DELIM "0001"
#define END "0002"

/* A packet for each line up to NULL; a first byte below 4 is a band. */
static void
answer(struct buf *b, const char *const *lines)
{
	buf_clear(b);
	for (; *lines != NULL; lines++)
		if (strcmp(*lines, FLUSH) == 0 || strcmp(*lines, DELIM) == 0 ||
		    strcmp(*lines, END) == 0)
			buf_puts(b, *lines);
		else if (**lines > 0 && **lines < 4)
			buf_printf(b, "%04x%s", (unsigned)strlen(*lines) + 4,
			    *lines);
		else
			pkt_put(b, "%s", *lines);
}

/* ---- ls-refs ---- */

static int
read_refs(struct wire_refs *r, const char *version, const struct buf *b,
    size_t piece, struct error *err)
{
	int rc;

	wire_refs_open(r, version, NULL);
	rc = feed(wire_refs_feed, r, b, piece, err);
	return rc == 0 ? wire_refs_end(r, err) : rc;
}

static const struct {
	const char *version;
	const char *lines[6];
	const char *name, *commit;
} found[] = {
    {"v1", {A " refs/tags/v1", FLUSH}, "refs/tags/v1", A},
    {"v1", {A " refs/tags/v1 peeled:" B, FLUSH}, "refs/tags/v1", B},
    {"v1", {A " refs/tags/v1 what:ever peeled:" B, FLUSH}, "refs/tags/v1", B},
    {"v1", {A " refs/heads/v1", B " refs/tags/v1", FLUSH}, "refs/tags/v1", B},
    {"v1", {A " refs/tags/v1", B " refs/heads/v1", FLUSH}, "refs/tags/v1", A},
    {"v1",
	{C " refs/tags/v1.0", A " refs/heads/v1", B " refs/tags/x/v1",
	    B " refs/remotes/v1", FLUSH},
	"refs/heads/v1", A},
    {"a/b", {A " refs/heads/a/b", FLUSH}, "refs/heads/a/b", A},
    {"", {A " HEAD symref-target:refs/heads/main", FLUSH}, "HEAD", A},
    {"", {B " HEADS", A " HEAD", C " refs/heads/HEAD", FLUSH}, "HEAD", A},
    {"HEAD", {A " HEAD", FLUSH}, "HEAD", A},
    {"refs/pull/1/head",
	{B " refs/pull/1/head/x", A " refs/pull/1/head",
	    C " refs/tags/refs/pull/1/head", FLUSH},
	"refs/pull/1/head", A},
    {"refs/tags/v1", {B " refs/heads/refs/tags/v1", A " refs/tags/v1", FLUSH},
	"refs/tags/v1", A},
};

static void
the_ref_that_answers_is_found(void)
{
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct buf b = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(found); i++)
		for (size_t piece = 1; piece < 100; piece += 7) {
			answer(&b, found[i].lines);
			CHECK(read_refs(r, found[i].version, &b, piece, &err) ==
			    0);
			CHECK_STR(r->found.best.name, found[i].name);
			CHECK_STR(r->found.best.commit, found[i].commit);
		}
	buf_free(&b);
	free(r);
}

static const struct {
	const char *version;
	const char *lines[4];
	enum error_kind kind;
	const char *words;
} lost[] = {
    {"v1", {FLUSH}, ERR_NOTFOUND, "no tag or branch 'v1'"},
    {"v1", {A " refs/tags/v10", A " HEAD", FLUSH}, ERR_NOTFOUND, "'v1'"},
    {"v1", {A " refs/tags/v", FLUSH}, ERR_NOTFOUND, "'v1'"},
    {"", {FLUSH}, ERR_NOTFOUND, "the repository is empty"},
    {"", {A " refs/heads/main", FLUSH}, ERR_NOTFOUND, "is empty"},
    {"refs/x/y", {A " refs/x", FLUSH}, ERR_NOTFOUND, "no ref 'refs/x/y'"},
    {"v1", {NULL}, ERR_NOTFOUND, "answers with nothing"},
    {"v1", {"# service=git-upload-pack", FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {"version 1", FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {"ERR go away", NULL}, ERR_NOTFOUND, "server says: go away"},
    {"v1", {A B, FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {A "aaaaaaaaaaaaaaaaaaaaaaaa refs/tags/v1", FLUSH}, ERR_NOTFOUND,
	"SHA-256"},
    {"v1", {A, FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {"hello", FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {A " refs/tags/v1 peeled:abc", FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {A " refs/tags/v1", DELIM, FLUSH}, ERR_INTEGRITY, "protocol"},
    {"v1", {A " refs/tags/v1", END}, ERR_INTEGRITY, "protocol"},
    {"v1", {A " refs/tags/v1", FLUSH, A " refs/tags/v1"}, ERR_INTEGRITY,
	"protocol"},
    {"v1", {A " refs/tags/v1", NULL}, ERR_NETWORK, "stops before its end"},
};

static void
what_cannot_be_found_has_its_words(void)
{
	struct wire_refs *r = xmalloc(sizeof(*r));
	const char *lines[5];
	struct buf b = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(lost); i++) {
		memcpy(lines, lost[i].lines, sizeof(lost[i].lines));
		lines[4] = NULL;
		answer(&b, lines);
		CHECK(read_refs(r, lost[i].version, &b, 11, &err) == -1);
		CHECK(err.kind == lost[i].kind);
		CHECK_HAS(err.msg, lost[i].words);
	}
	buf_free(&b);
	free(r);
}

static void
an_old_advertisement_is_known_by_its_nul(void)
{
	static const char line[] = "0033" A " HEAD\0ofs";
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct buf b = {0};
	struct error err;

	buf_add(&b, line, sizeof(line));
	b.data[b.len - 1] = '\n';
	b.data[3] = (char)('0' + (b.len & 15));
	CHECK(b.len >> 4 == 3 && (b.len & 15) < 10);
	CHECK(read_refs(r, "", &b, 99, &err) == -1);
	CHECK(r->foreign);
	buf_free(&b);
	free(r);
}

/* Then the greeting may know more; else that would be a request in vain. */
static void
an_answer_of_another_version_is_told_apart(void)
{
	static const struct {
		const char *lines[3];
		bool foreign;
	} answers[] = {
	    {{NULL}, true},
	    {{"# service=git-upload-pack", NULL}, true},
	    {{"version 1", NULL}, true},
	    {{"NAK", NULL}, true},
	    {{"ERR what is this", NULL}, true},
	    {{"ERR upload-pack: not our ref " A, NULL}, false},
	    {{FLUSH, NULL}, false},
	    {{A " refs/tags/v2", FLUSH, NULL}, false},
	    {{A " refs/tags/v2", NULL}, false},
	    {{"hello", NULL}, false},
	};
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct buf b = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(answers); i++) {
		answer(&b, answers[i].lines);
		CHECK(read_refs(r, "v1", &b, 99, &err) == -1);
		CHECK(r->foreign == answers[i].foreign);
	}
	buf_free(&b);
	free(r);
}

static void
all_branches_and_tags_can_be_collected(void)
{
	static const char *const lines[] = {A " HEAD", B " refs/heads/main",
	    C " refs/pull/1/head", C " refs/tags/v1 peeled:" A, FLUSH, NULL};
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct buf b = {0}, tips = {0};
	struct error err;

	answer(&b, lines);
	wire_refs_open(r, NULL, &tips);
	CHECK(wire_refs_feed(r, b.data, b.len, &err) == 0);
	CHECK(wire_refs_end(r, &err) == 0);
	CHECK_STR(tips.data, B C);
	buf_clear(&b);
	wire_refs_request(&b, NULL);
	CHECK_STR(b.data,
	    "0014command=ls-refs\n00010009peel\n"
	    "001aref-prefix refs/tags/\n001bref-prefix refs/heads/\n0000");
	buf_free(&tips);
	buf_free(&b);
	free(r);
}

static void
a_name_that_is_too_long_is_another_one(void)
{
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct buf b = {0}, name = {0};
	struct error err;

	for (size_t i = 0; i < sizeof(r->found.best.name); i++)
		buf_puts(&name, "x");
	pkt_put(&b, "%s refs/tags/%s", A, name.data);
	pkt_flush(&b);
	CHECK(read_refs(r, name.data, &b, 99, &err) == -1);
	CHECK(err.kind == ERR_NOTFOUND);
	buf_free(&b);
	buf_free(&name);
	free(r);
}

static void
refs_without_end_are_refused(void)
{
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct buf b = {0};
	struct error err = {0};
	int rc = 0;

	for (int i = 0; i < 1000; i++)
		pkt_put(&b, "%s refs/tags/v1.%d", A, i);
	wire_refs_open(r, "v1", NULL);
	for (size_t sent = 0; rc == 0 && sent < (size_t)64 << 20; sent += b.len)
		rc = wire_refs_feed(r, b.data, b.len, &err);
	CHECK(rc == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	buf_free(&b);
	free(r);
}

static void
a_request_for_refs_names_no_more_than_it_needs(void)
{
	struct buf b = {0};

	wire_refs_request(&b, "v1");
	CHECK_STR(b.data,
	    "0014command=ls-refs\n00010009peel\n"
	    "001cref-prefix refs/tags/v1\n001dref-prefix refs/heads/v1\n0000");
	buf_clear(&b);
	wire_refs_request(&b, "");
	CHECK_STR(b.data,
	    "0014command=ls-refs\n00010009peel\n0014ref-prefix HEAD\n0000");
	buf_clear(&b);
	wire_refs_request(&b, "refs/pull/1/head");
	CHECK_STR(b.data,
	    "0014command=ls-refs\n00010009peel\n"
	    "0020ref-prefix refs/pull/1/head\n0000");
	buf_free(&b);
}

static void
a_request_for_tags_has_the_branch_too(void)
{
	static const struct {
		const char *version, *more;
	} t[] = {
	    {"v1", "001dref-prefix refs/heads/v1\n"},
	    {"", "0014ref-prefix HEAD\n"},
	    {"refs/pull/1/head", "0020ref-prefix refs/pull/1/head\n"},
	    {"^1.0", ""},
	    {A, ""},
	};
	struct buf b = {0}, want = {0};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		buf_clear(&b);
		buf_clear(&want);
		wire_refs_request_tags(&b, t[i].version);
		buf_printf(&want,
		    "0014command=ls-refs\n00010009peel\n"
		    "001aref-prefix refs/tags/\n%s0000",
		    t[i].more);
		CHECK_STR(b.data, want.data);
	}
	buf_free(&b);
	buf_free(&want);
}

static void
the_newest_release_and_watched_tags_are_told(void)
{
	static const char *const lines[] = {A " refs/heads/main",
	    A " refs/tags/v1.0", B " refs/tags/v1.10 peeled:" C,
	    A " refs/tags/v1.9", A " refs/tags/v2.0-rc1",
	    A " refs/tags/nightly", FLUSH, NULL};
	struct wire_refs *r = xmalloc(sizeof(*r));
	struct wire_ref newest = {.name = ""};
	struct buf b = {0}, seen = {0};
	struct error err;

	answer(&b, lines);
	wire_refs_open(r, "main", NULL);
	r->found.newest = &newest;
	r->found.watched = "refs/tags/v1.1 refs/tags/v1.10 refs/tags/night";
	r->found.seen = &seen;
	CHECK(wire_refs_feed(r, b.data, b.len, &err) == 0);
	CHECK(wire_refs_end(r, &err) == 0);
	CHECK_STR(r->found.best.name, "refs/heads/main");
	CHECK_STR(newest.name, "refs/tags/v1.10");
	CHECK_STR(newest.commit, C);
	CHECK_STR(seen.data, "refs/tags/v1.10\t" C "\n");
	buf_free(&seen);
	buf_free(&b);
	free(r);
}

/* ---- fetch ---- */

static int
read_fetch(struct got *got, const struct buf *b, size_t piece,
    struct error *err)
{
	struct wire_fetch *f = xmalloc(sizeof(*f));
	int rc;

	wire_fetch_open(f, on_pack, on_talk, got);
	rc = feed(wire_fetch_feed, f, b, piece, err);
	if (rc == 0)
		rc = wire_fetch_end(f, err);
	free(f);
	return rc;
}

static void
the_pack_is_handed_on_and_talk_is_heard(void)
{
	static const char *const lines[] = {"acknowledgments", "ACK " A,
	    "ready", DELIM, "shallow-info", "shallow " A, "unshallow " B, DELIM,
	    "packfile", "\2count\rcounted\n\nwelcome\n", "\1PACK", "\1",
	    "\1...", "\2x", FLUSH, NULL};
	struct buf b = {0};
	struct error err;

	answer(&b, lines);
	for (size_t piece = 1; piece <= b.len; piece += 3) {
		struct got got = {.refuse = false};

		CHECK(read_fetch(&got, &b, piece, &err) == 0);
		CHECK_STR(got.pack.data, "PACK...");
		CHECK_STR(got.talk.data, "<count><counted><welcome><x>");
		got_free(&got);
	}
	buf_free(&b);
}

static const struct {
	const char *lines[8];
	enum error_kind kind;
	const char *words;
} broken[] = {
    {{NULL}, ERR_NOTFOUND, "answers with nothing"},
    {{"NAK", "\1PACK", FLUSH}, ERR_INTEGRITY, "protocol"},
    {{"ERR upload-pack: not our ref " C, NULL}, ERR_NOTFOUND,
	"commit '" C "' is not in the repository"},
    {{"shallow-info", "ERR no more", NULL}, ERR_NOTFOUND,
	"server says: no more"},
    {{"packfile", "\1PACK", "\3out of memory\n", NULL}, ERR_NETWORK,
	"gives up: out of memory"},
    {{"packfile", "\1PACK", NULL}, ERR_NETWORK, "stops before its end"},
    {{"shallow-info", "shallow " A, NULL}, ERR_NETWORK, "stops before"},
    {{FLUSH}, ERR_INTEGRITY, "without a pack"},
    {{"packfile", FLUSH}, ERR_INTEGRITY, "without a pack"},
    {{"packfile", "\2sorry", FLUSH}, ERR_INTEGRITY, "without a pack"},
    {{"hello", FLUSH}, ERR_INTEGRITY, "protocol"},
    {{DELIM, FLUSH}, ERR_INTEGRITY, "protocol"},
    {{"packfile", "\1PACK", DELIM}, ERR_INTEGRITY, "protocol"},
    {{"packfile", "\1PACK", END}, ERR_INTEGRITY, "protocol"},
    {{"packfile", "\1PACK", FLUSH, "\1MORE"}, ERR_INTEGRITY, "protocol"},
    {{"packfile", "\1PACK", FLUSH, FLUSH}, ERR_INTEGRITY, "protocol"},
};

static void
a_fetch_that_goes_wrong_has_its_words(void)
{
	struct buf b = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(broken); i++) {
		struct got got = {.refuse = false};

		answer(&b, broken[i].lines);
		CHECK(read_fetch(&got, &b, 13, &err) == -1);
		CHECK(err.kind == broken[i].kind);
		CHECK_HAS(err.msg, broken[i].words);
		got_free(&got);
	}
	buf_free(&b);
}

static void
whoever_takes_the_pack_may_refuse_it(void)
{
	static const char *const lines[] = {"packfile", "\1PACK", FLUSH, NULL};
	struct got got = {.refuse = true};
	struct buf b = {0};
	struct error err;

	answer(&b, lines);
	CHECK(read_fetch(&got, &b, 99, &err) == -1);
	CHECK(err.kind == ERR_LOCAL);
	CHECK_STR(err.msg, "disk full");
	buf_free(&b);
}

/* Feed the same bytes for as long as they are taken, 400,000 times at most. */
static bool
goes_on(const char *const *start, const char *const *more)
{
	struct wire_fetch *f = xmalloc(sizeof(*f));
	struct got got = {.refuse = false};
	struct buf b = {0};
	struct error err;
	int rc;

	answer(&b, start);
	wire_fetch_open(f, on_pack, NULL, &got);
	rc = wire_fetch_feed(f, b.data, b.len, &err);
	answer(&b, more);
	for (int i = 0; rc == 0 && i < 400000; i++)
		rc = wire_fetch_feed(f, b.data, b.len, &err);
	CHECK(rc == 0 || err.kind == ERR_INTEGRITY);
	buf_free(&b);
	buf_free(&got.pack);
	free(f);
	return rc == 0;
}

static void
talk_without_end_is_refused_and_a_long_pack_is_not(void)
{
	static const char *const section[] = {"shallow-info", NULL},
				 *const pack[] = {"packfile", NULL},
				 *const shallow[] = {"shallow " A, NULL},
				 *const talk[] = {"\2counting objects", NULL},
				 *const data[] = {"\1a small piece", NULL};

	CHECK(!goes_on(section, shallow));
	CHECK(!goes_on(pack, talk));
	CHECK(goes_on(pack, data));
}

static void
a_request_for_a_commit_asks_for_no_history(void)
{
	struct wire_wants w = {.ids = A, .n = 1, .depth = 1};
	struct buf b = {0};

	wire_fetch_request(&b, &w);
	CHECK_STR(b.data,
	    "0012command=fetch\n00010010no-progress\n000eofs-delta\n"
	    "0032want " A "\n000ddeepen 1\n0009done\n0000");
	buf_clear(&b);
	w = (struct wire_wants){.ids = A B, .n = 2};
	wire_fetch_request(&b, &w);
	CHECK_STR(b.data,
	    "0012command=fetch\n00010010no-progress\n000eofs-delta\n"
	    "0032want " A "\n0032want " B "\n0009done\n0000");
	buf_free(&b);
}

static void
a_request_for_what_is_new_names_what_is_old(void)
{
	struct buf b = {0};

	wire_since_request(&b, A, B);
	CHECK_STR(b.data,
	    "0012command=fetch\n00010010no-progress\n000eofs-delta\n"
	    "0032want " A "\n0032have " B "\n0012filter tree:0\n0000");
	buf_free(&b);
}

int
main(void)
{
	RUN(the_ref_that_answers_is_found);
	RUN(what_cannot_be_found_has_its_words);
	RUN(an_old_advertisement_is_known_by_its_nul);
	RUN(an_answer_of_another_version_is_told_apart);
	RUN(all_branches_and_tags_can_be_collected);
	RUN(a_name_that_is_too_long_is_another_one);
	RUN(refs_without_end_are_refused);
	RUN(a_request_for_refs_names_no_more_than_it_needs);
	RUN(a_request_for_tags_has_the_branch_too);
	RUN(the_newest_release_and_watched_tags_are_told);
	RUN(the_pack_is_handed_on_and_talk_is_heard);
	RUN(a_fetch_that_goes_wrong_has_its_words);
	RUN(whoever_takes_the_pack_may_refuse_it);
	RUN(talk_without_end_is_refused_and_a_long_pack_is_not);
	RUN(a_request_for_a_commit_asks_for_no_history);
	RUN(a_request_for_what_is_new_names_what_is_old);
	return check_done();
}
