#include "kelpie/git/pkt.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

/* What came out of a reader, as one string a person can read. */
struct heard {
	struct pkt_reader reader;
	struct buf log;
	bool band; /* the line "pack" begins the bands */
	bool in_pack;
	int refuse; /* the nth packet; 0: none */
};

static int
take(void *ctx, enum pkt type, const char *data, size_t len, struct error *err)
{
	static const char *const names[] = {"flush", "delim", "end", "line",
	    "pack", "talk", "fatal"};
	struct heard *h = ctx;

	if (h->refuse != 0 && --h->refuse == 0)
		return error_set(err, ERR_LOCAL, "enough");
	CHECK(type == PKT_PACK || data[len] == '\0');
	/* Pieces of the pack have no ends of their own. */
	if (!(type == PKT_PACK && h->in_pack))
		buf_printf(&h->log, "%s%s", h->log.len != 0 ? " " : "",
		    names[type]);
	if (!(type == PKT_PACK && h->in_pack) && len != 0)
		buf_puts(&h->log, ":");
	buf_add(&h->log, data, len);
	h->in_pack = type == PKT_PACK;
	if (h->band && type == PKT_LINE && strcmp(data, "pack") == 0)
		h->reader.sideband = true;
	return 0;
}

/* Feed bytes in pieces; what pkt_feed() and pkt_end() make of them. */
static int
feed(struct heard *h, const char *bytes, size_t len, size_t piece,
    struct error *err)
{
	pkt_open(&h->reader, take, h);
	for (size_t at = 0; at < len; at += piece)
		if (pkt_feed(&h->reader, bytes + at,
			len - at < piece ? len - at : piece, err) == -1)
			return -1;
	return pkt_end(&h->reader, err);
}

static const struct {
	const char *bytes;
	size_t len;
	bool band;
	const char *want;
} good[] = {
#define BYTES(s) s, sizeof(s) - 1
    {BYTES(""), false, ""},
    {BYTES("0000"), false, "flush"},
    {BYTES("000100020000"), false, "delim end flush"},
    {BYTES("0009done\n0000"), false, "line:done flush"},
    {BYTES("0008done"), false, "line:done"},
    {BYTES("0006\n\n"), false, "line:\n"},
    {BYTES("00040005\n"), false, "line line"},
    {BYTES("000Ax\nyxyx000Bx\nyxyxz"), false, "line:x\nyxyx line:x\nyxyxz"},
    {BYTES("0008pack0006\1a0007\1bc0000"), true, "line:pack pack:abc flush"},
    {BYTES("0008pack0005\1"
	   "0006\1a"),
	true, "line:pack pack:a"},
    {BYTES("0008pack0009\2hey\n0000"), true, "line:pack talk:hey\n flush"},
    {BYTES("0008pack0008\3die"), true, "line:pack fatal:die"},
    {BYTES("0008pack0006\1a0005\2"
	   "0006\1b"),
	true, "line:pack pack:a talk pack:b"},
    {BYTES("0008pack0009\1"
	   "0000"),
	true, "line:pack pack:0000"},
};

static void
packets_are_the_same_in_pieces_of_any_size(void)
{
	struct error err;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		for (size_t piece = 1; piece <= good[i].len + 1; piece++) {
			struct heard h = {.band = good[i].band};

			CHECK(feed(&h, good[i].bytes, good[i].len, piece,
				  &err) == 0);
			CHECK_STR(h.log.data != NULL ? h.log.data : "",
			    good[i].want);
			buf_free(&h.log);
		}
}

static void
a_line_may_hold_any_byte(void)
{
	struct heard h = {.band = false};
	struct error err;

	CHECK(feed(&h, "0008a\0b\377", 8, 3, &err) == 0);
	CHECK(h.log.len == 9 && memcmp(h.log.data, "line:a\0b\377", 9) == 0);
	buf_free(&h.log);
}

static void
what_is_no_packet_is_refused(void)
{
	static const char *const bad[] = {"0003", "zzzz", "00g0", "-001",
	    "+005", " 005", "0x05", "00 5", "fff1", "ffff", "<!DOCTYPE",
	    "PACK"};
	struct error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t piece = 1; piece < 5; piece++) {
			struct heard h = {.band = false};

			err.kind = ERR_NONE;
			CHECK(feed(&h, bad[i], strlen(bad[i]), piece, &err) ==
			    -1);
			CHECK(err.kind == ERR_INTEGRITY);
			CHECK(h.log.len == 0);
			buf_free(&h.log);
		}
}

static void
what_has_no_known_band_is_refused(void)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {{BYTES("0008pack0004")}, {BYTES("0008pack0005\4")},
	    {BYTES("0008pack0006\0a")}, {BYTES("0008pack000ahello\n")}};
	struct error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct heard h = {.band = true};

		err.kind = ERR_NONE;
		CHECK(feed(&h, bad[i].bytes, bad[i].len, 99, &err) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		CHECK_STR(h.log.data, "line:pack");
		buf_free(&h.log);
	}
}

static void
an_end_inside_a_packet_is_the_networks_fault(void)
{
	static const char whole[] = "0008pack0009\1abcd0008\2hm";
	struct error err;

	for (size_t len = 0; len <= sizeof(whole) - 1; len++) {
		struct heard h = {.band = true};
		bool between = len == 0 || len == 8 || len == 17 || len == 25;

		err.kind = ERR_NONE;
		CHECK((feed(&h, whole, len, 99, &err) == 0) == between);
		CHECK(between || err.kind == ERR_NETWORK);
		buf_free(&h.log);
	}
}

static void
the_longest_packet_has_room(void)
{
	static const size_t pieces[] = {1000, PKT_MAX, 1};
	struct buf in = {0};
	struct error err;

	buf_puts(&in, "fff0");
	for (size_t i = 0; i < PKT_MAX - 4; i++)
		buf_add(&in, &"0123456789"[i % 10], 1);
	for (size_t i = 0; i < 3; i++) {
		struct heard h = {.band = false};

		CHECK(feed(&h, in.data, in.len, pieces[i], &err) == 0);
		CHECK(h.log.len == 5 + PKT_MAX - 4);
		CHECK(memcmp(h.log.data + 5, in.data + 4, PKT_MAX - 4) == 0);
		buf_free(&h.log);
	}
	buf_free(&in);
}

static void
a_refusal_ends_the_reading(void)
{
	static const char bytes[] = "0008pack0006\1a0006\2b0000";
	struct error err;

	for (int n = 1; n <= 4; n++) {
		struct heard h = {.band = true, .refuse = n};

		err.kind = ERR_NONE;
		CHECK(feed(&h, bytes, sizeof(bytes) - 1, 3, &err) == -1);
		CHECK(err.kind == ERR_LOCAL);
		CHECK_STR(err.msg, "enough");
		CHECK(h.refuse == 0);
		buf_free(&h.log);
	}
}

static void
a_request_is_written_as_it_is_read(void)
{
	struct buf b = {0};

	pkt_put(&b, "command=%s", "ls-refs");
	pkt_delim(&b);
	pkt_put(&b, "%s", "");
	pkt_flush(&b);
	CHECK_STR(b.data, "0014command=ls-refs\n00010005\n0000");
	buf_free(&b);
}

int
main(void)
{
	RUN(packets_are_the_same_in_pieces_of_any_size);
	RUN(a_line_may_hold_any_byte);
	RUN(what_is_no_packet_is_refused);
	RUN(what_has_no_known_band_is_refused);
	RUN(an_end_inside_a_packet_is_the_networks_fault);
	RUN(the_longest_packet_has_room);
	RUN(a_refusal_ends_the_reading);
	RUN(a_request_is_written_as_it_is_read);
	return check_done();
}
