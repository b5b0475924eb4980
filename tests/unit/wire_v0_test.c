/* The older versions of the protocol: answers as servers give them. */
#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/git/wire.h"
#include "wire_lines.h"

#define ZERO "0000000000000000000000000000000000000000"

/* '|' stands for the NUL in front of the capabilities, "0000" for a flush,
 * a first byte below 4 is a side-band, and RAW comes without a head. */
#define RAW "="

static void
answer(struct buf *b, const char *const *lines)
{
	size_t len, start;

	buf_clear(b);
	for (; *lines != NULL; lines++) {
		len = strlen(*lines);
		if (strcmp(*lines, FLUSH) == 0)
			buf_puts(b, FLUSH);
		else if (strncmp(*lines, RAW, 1) == 0)
			buf_puts(b, *lines + 1);
		else if (**lines > 0 && **lines < 4)
			buf_printf(b, "%04x%s", (unsigned)len + 4, *lines);
		else {
			start = b->len;
			buf_printf(b, "%04x%s\n", (unsigned)len + 5, *lines);
			for (; start < b->len; start++)
				if (b->data[start] == '|')
					b->data[start] = '\0';
		}
	}
}

/* ---- the greeting ---- */

static int
read_greeting(struct wire_greeting *g, const char *version, struct buf *tips,
    const struct buf *b, size_t piece, struct error *err)
{
	int rc;

	buf_clear(tips);
	wire_greeting_open(g, version, tips);
	rc = feed(wire_greeting_feed, g, b, piece, err);
	return rc == 0 ? wire_greeting_end(g, err) : rc;
}

#define OLD_CAPS                                                          \
	"|multi_ack thin-pack side-band side-band-64k ofs-delta shallow " \
	"no-progress include-tag multi_ack_detailed no-done "             \
	"symref=HEAD:refs/heads/main object-format=sha1 agent=git/2.39.5"
#define OLD_BITS                                                 \
	(CAP_MULTI_ACK | CAP_BAND | CAP_BAND64 | CAP_OFS_DELTA | \
	    CAP_NO_PROGRESS | CAP_SHALLOW | CAP_AGENT | CAP_FORMAT)

static const struct {
	const char *wanted;
	const char *lines[8];
	int version;
	unsigned caps;
	const char *name, *id, *commit, *tips;
} heard[] = {
    /* http, with a tag object */
    {"v1",
	{"# service=git-upload-pack", FLUSH, A " HEAD" OLD_CAPS,
	    A " refs/heads/main", B " refs/tags/v1", C " refs/tags/v1^{}",
	    FLUSH},
	0, OLD_BITS, "refs/tags/v1", B, C, A B},
    /* ssh and git, with no line of the service */
    {"", {A " HEAD" OLD_CAPS, A " refs/heads/main", FLUSH}, 0, OLD_BITS, "HEAD",
	A, A, A},
    /* version 1 says so first */
    {"main", {"version 1", A " HEAD|shallow", A " refs/heads/main", FLUSH}, 0,
	CAP_SHALLOW, "refs/heads/main", A, A, A},
    /* the tag wins wherever it stands */
    {"x", {A " refs/heads/x|", B " refs/tags/x", FLUSH}, 0, 0, "refs/tags/x", B,
	B, A B},
    {"x", {B " refs/tags/x|", A " refs/heads/x", FLUSH}, 0, 0, "refs/tags/x", B,
	B, B A},
    /* full names */
    {"refs/pull/1/head",
	{A " refs/heads/main|", C " refs/pull/1/head", B " refs/pull/1/head/x",
	    FLUSH},
	0, 0, "refs/pull/1/head", C, C, A},
    /* a commit behind a tag object has to be asked for as the tag */
    {C, {A " HEAD|", B " refs/tags/v1", C " refs/tags/v1^{}", FLUSH}, 0, 0,
	"refs/tags/v1", B, C, B},
    {A, {A " HEAD|", A " refs/heads/main", FLUSH}, 0, 0, "HEAD", A, A, A},
    {B, {A " HEAD|allow-tip-sha1-in-want allow-reachable-sha1-in-want", FLUSH},
	0, CAP_REACHABLE, "", "", "", ""},
    /* what peels something else is not believed */
    {"v1", {B " refs/tags/v1|", C " refs/tags/v10^{}", FLUSH}, 0, 0,
	"refs/tags/v1", B, B, B},
    /* the server's own history is cut somewhere */
    {"", {A " HEAD|", "shallow " B, FLUSH}, 0, 0, "HEAD", A, A, ""},
    /* no refs at all */
    {"", {ZERO " capabilities^{}" OLD_CAPS, FLUSH}, 0, OLD_BITS, "", "", "",
	""},
    {"", {"# service=git-upload-pack", FLUSH, FLUSH}, 0, 0, "", "", "", ""},
    {"", {FLUSH}, 0, 0, "", "", "", ""},
    /* version 2 */
    {"v1",
	{"version 2", "agent=git/2.39.5", "ls-refs=unborn",
	    "fetch=shallow wait-for-done", "object-format=sha1", FLUSH},
	2, CAP_AGENT | CAP_FORMAT, "", "", "", ""},
    {"v1", {"# service=git-upload-pack", FLUSH, "version 2", FLUSH}, 2, 0, "",
	"", "", ""},
    /* other formats behind the first do not matter */
    {"", {A " HEAD|object-format=sha1 object-format=sha256", FLUSH}, 0,
	CAP_FORMAT, "HEAD", A, A, ""},
};

static void
a_greeting_tells_version_refs_and_capabilities(void)
{
	struct wire_greeting *g = xmalloc(sizeof(*g));
	struct buf b = {0}, tips = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(heard); i++)
		for (size_t piece = 1; piece < 300; piece += 13) {
			answer(&b, heard[i].lines);
			CHECK(read_greeting(g, heard[i].wanted, &tips, &b,
				  piece, &err) == 0);
			CHECK(g->version == heard[i].version);
			CHECK(g->caps == heard[i].caps);
			CHECK((g->found.rank != 0) == (*heard[i].name != '\0'));
			CHECK_STR(g->found.best.name, heard[i].name);
			CHECK_STR(g->found.best.id, heard[i].id);
			CHECK_STR(g->found.best.commit, heard[i].commit);
			CHECK_STR(tips.data != NULL ? tips.data : "",
			    heard[i].tips);
		}
	buf_free(&tips);
	buf_free(&b);
	free(g);
}

static const struct {
	const char *lines[5];
	enum error_kind kind;
	const char *words;
} unheard[] = {
    {{NULL}, ERR_NETWORK, "without a word"},
    {{"ERR access denied or repository not exported: /x", NULL}, ERR_NOTFOUND,
	"the server says: access denied"},
    {{"# service=git-upload-pack", FLUSH, "ERR no", NULL}, ERR_NOTFOUND,
	"the server says: no"},
    {{A " HEAD|object-format=sha256", FLUSH}, ERR_NOTFOUND, "SHA-256"},
    {{"version 2", "object-format=sha256", FLUSH}, ERR_NOTFOUND, "SHA-256"},
    {{A "aaaaaaaaaaaaaaaaaaaaaaaa HEAD", FLUSH}, ERR_NOTFOUND, "SHA-256"},
    {{A " HEAD|", NULL}, ERR_NETWORK, "stops before its end"},
    {{"# service=git-upload-pack", FLUSH, NULL}, ERR_NETWORK, "stops before"},
    {{"version 2", NULL}, ERR_NETWORK, "stops before its end"},
    {{"hello", FLUSH}, ERR_INTEGRITY, "protocol"},
    {{"version 3", FLUSH}, ERR_INTEGRITY, "protocol"},
    {{A, FLUSH}, ERR_INTEGRITY, "protocol"},
    {{A " HEAD|", A B, FLUSH}, ERR_INTEGRITY, "protocol"},
    {{"shallow " A, FLUSH}, ERR_INTEGRITY, "protocol"},
    {{A " HEAD|", FLUSH, A " HEAD"}, ERR_INTEGRITY, "protocol"},
    {{A " HEAD|", "=0001"}, ERR_INTEGRITY, "protocol"},
    {{"=<html>hello", NULL}, ERR_INTEGRITY, "git's format"},
    {{"=00", NULL}, ERR_NETWORK, "middle of a packet"},
};

static void
a_greeting_that_goes_wrong_has_its_words(void)
{
	struct wire_greeting *g = xmalloc(sizeof(*g));
	const char *lines[6];
	struct buf b = {0}, tips = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(unheard); i++) {
		memcpy(lines, unheard[i].lines, sizeof(unheard[i].lines));
		lines[5] = NULL;
		answer(&b, lines);
		CHECK(read_greeting(g, "", &tips, &b, 11, &err) == -1);
		CHECK(err.kind == unheard[i].kind);
		CHECK_HAS(err.msg, unheard[i].words);
	}
	buf_free(&tips);
	buf_free(&b);
	free(g);
}

static void
a_long_name_is_another_one_and_peels_nothing(void)
{
	struct wire_greeting *g = xmalloc(sizeof(*g));
	struct buf b = {0}, tips = {0}, name = {0};
	struct error err;

	for (size_t i = 0; i < sizeof(g->last.name); i++)
		buf_puts(&name, "x");
	pkt_put(&b, "%s refs/tags/v1", A);
	pkt_put(&b, "%s refs/tags/%s", B, name.data);
	pkt_put(&b, "%s refs/tags/%s^{}", C, name.data);
	pkt_flush(&b);
	CHECK(read_greeting(g, "v1", &tips, &b, 99, &err) == 0);
	CHECK_STR(g->found.best.commit, A);
	CHECK_STR(tips.data, A);
	buf_free(&tips);
	buf_free(&b);
	buf_free(&name);
	free(g);
}

static void
a_greeting_without_end_is_refused(void)
{
	struct wire_greeting *g = xmalloc(sizeof(*g));
	struct buf b = {0};
	struct error err = {0};
	size_t sent;
	int rc = 0;

	for (int i = 0; i < 1000; i++)
		pkt_put(&b, "%s refs/pull/%d/head", A, i);
	wire_greeting_open(g, "v1", NULL);
	for (sent = 0; rc == 0 && sent < (size_t)128 << 20; sent += b.len)
		rc = wire_greeting_feed(g, b.data, b.len, &err);
	CHECK(rc == -1);
	CHECK(err.kind == ERR_INTEGRITY);
	buf_free(&b);
	free(g);
}

/* ---- the request ---- */

static void
only_what_is_advertised_is_asked_for(void)
{
	struct wire_wants w = {.ids = A B, .n = 2, .depth = 1, .caps = 0};
	struct buf b = {0};

	wire_fetch0_request(&b, &w);
	CHECK_STR(b.data, "0032want " A "\n0032want " B "\n00000009done\n");
	buf_clear(&b);
	w.n = 1;
	w.caps = (OLD_BITS & ~(unsigned)CAP_AGENT) | CAP_REACHABLE;
	wire_fetch0_request(&b, &w);
	CHECK_STR(b.data,
	    "0071want " A " multi_ack_detailed side-band-64k ofs-delta "
	    "no-progress shallow\n000ddeepen 1\n00000009done\n");
	buf_clear(&b);
	w.caps = CAP_BAND | CAP_SHALLOW;
	w.depth = 0;
	wire_fetch0_request(&b, &w);
	CHECK_STR(b.data, "003cwant " A " side-band\n00000009done\n");
	buf_clear(&b);
	w.caps = CAP_AGENT;
	wire_fetch0_request(&b, &w);
	CHECK(strstr(b.data, A " agent=kelpie/") != NULL);
	buf_free(&b);
}

/* ---- the answer ---- */

static int
read_fetch(struct got *got, unsigned caps, const struct buf *b, size_t piece,
    struct error *err)
{
	struct wire_fetch *f = xmalloc(sizeof(*f));
	int rc;

	wire_fetch_open(f, on_pack, on_talk, got);
	wire_fetch0_open(f, caps);
	rc = feed(wire_fetch_feed, f, b, piece, err);
	if (rc == 0)
		rc = wire_fetch_end(f, err);
	free(f);
	return rc;
}

static const struct {
	unsigned caps;
	const char *lines[8];
	const char *pack, *talk;
} good[] = {
    {OLD_BITS,
	{"shallow " A, FLUSH, "NAK", "\2hello\n", "\1PACK", "\1...", FLUSH},
	"PACK...", "<hello>"},
    /* a root commit, nothing is cut */
    {OLD_BITS, {FLUSH, "NAK", "\1PACK", FLUSH}, "PACK", ""},
    {CAP_BAND | CAP_SHALLOW,
	{"shallow " A, "unshallow " B, FLUSH, "ACK " A, "\1PACK", FLUSH},
	"PACK", ""},
    {CAP_BAND, {"NAK", "\1PACK", FLUSH}, "PACK", ""},
    /* without side-bands, up to the end */
    {CAP_SHALLOW, {"shallow " A, FLUSH, "NAK", "=PACK0004...0000"},
	"PACK0004...0000", ""},
    {0, {"NAK", "=PACK"}, "PACK", ""},
};

static void
the_pack_is_handed_on(void)
{
	struct buf b = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(good); i++)
		for (size_t piece = 1; piece < 120; piece += 3) {
			struct got got = {.pack = {0}};

			answer(&b, good[i].lines);
			CHECK(read_fetch(&got, good[i].caps, &b, piece, &err) ==
			    0);
			CHECK_STR(got.pack.data, good[i].pack);
			CHECK_STR(got.talk.data != NULL ? got.talk.data : "",
			    good[i].talk);
			got_free(&got);
		}
	buf_free(&b);
}

static const struct {
	unsigned caps;
	const char *lines[6];
	enum error_kind kind;
	const char *words;
} broken[] = {
    {0, {NULL}, ERR_NOTFOUND, "answers with nothing"},
    {CAP_BAND, {"ERR upload-pack: not our ref " C, NULL}, ERR_NOTFOUND,
	"commit '" C "' is not in the repository"},
    {CAP_BAND, {"shallow " A, "ERR no more", NULL}, ERR_NOTFOUND,
	"server says: no more"},
    {CAP_BAND, {"NAK", "\1PACK", "\3out of memory\n", NULL}, ERR_NETWORK,
	"gives up: out of memory"},
    {CAP_BAND, {"NAK", "\1PACK", NULL}, ERR_NETWORK, "stops before its end"},
    {CAP_BAND, {"NAK", FLUSH}, ERR_INTEGRITY, "without a pack"},
    {CAP_BAND, {FLUSH, FLUSH}, ERR_INTEGRITY, "protocol"},
    {CAP_BAND, {FLUSH, "shallow " A}, ERR_INTEGRITY, "protocol"},
    {CAP_BAND, {"packfile", "\1PACK", FLUSH}, ERR_INTEGRITY, "protocol"},
    {CAP_BAND, {"NAK", "\1PACK", FLUSH, "\1PACK"}, ERR_INTEGRITY, "protocol"},
    {CAP_BAND, {"NAK", "=0001"}, ERR_INTEGRITY, "protocol"},
    {CAP_BAND, {"=0001"}, ERR_INTEGRITY, "protocol"},
    {0, {"NAK", NULL}, ERR_NETWORK, "stops before its end"},
    {0, {"shallow " A, NULL}, ERR_NETWORK, "stops before its end"},
    {0, {"ERR no", NULL}, ERR_NOTFOUND, "the server says: no"},
};

static void
an_answer_that_goes_wrong_has_its_words(void)
{
	struct buf b = {0};
	struct error err;

	for (size_t i = 0; i < COUNT(broken); i++)
		for (size_t piece = 1; piece < 100; piece += 9) {
			struct got got = {.pack = {0}};

			answer(&b, broken[i].lines);
			CHECK(read_fetch(&got, broken[i].caps, &b, piece,
				  &err) == -1);
			CHECK(err.kind == broken[i].kind);
			CHECK_HAS(err.msg, broken[i].words);
			got_free(&got);
		}
	buf_free(&b);
}

static void
what_comes_before_the_pack_has_an_end(void)
{
	struct wire_fetch *f = xmalloc(sizeof(*f));
	struct got got = {.pack = {0}};
	struct buf b = {0};
	struct error err = {0};
	int rc = 0;

	for (unsigned caps = 0; caps <= CAP_BAND; caps += CAP_BAND) {
		wire_fetch_open(f, on_pack, on_talk, &got);
		wire_fetch0_open(f, caps);
		buf_clear(&b);
		pkt_put(&b, "shallow %s", A);
		rc = 0;
		for (int i = 0; rc == 0 && i < 100000; i++)
			rc = wire_fetch_feed(f, b.data, b.len, &err);
		CHECK(rc == -1 && err.kind == ERR_INTEGRITY);
	}
	buf_free(&b);
	buf_free(&got.pack);
	free(f);
}

int
main(void)
{
	RUN(a_greeting_tells_version_refs_and_capabilities);
	RUN(a_greeting_that_goes_wrong_has_its_words);
	RUN(a_long_name_is_another_one_and_peels_nothing);
	RUN(a_greeting_without_end_is_refused);
	RUN(only_what_is_advertised_is_asked_for);
	RUN(the_pack_is_handed_on);
	RUN(an_answer_that_goes_wrong_has_its_words);
	RUN(what_comes_before_the_pack_has_an_end);
	return check_done();
}
