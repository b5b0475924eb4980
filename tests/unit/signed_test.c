#include "kelpie/signed.h"

#include <string.h>

#include "check.h"
#include "kelpie/error.h"
#include "signature_priv.h"

#define ID "0123456789abcdef0123456789abcdef01234567"
#define PGP \
	"-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
#define SSH "-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n"
#define TAG(id, type, name)                       \
	"object " id "\ntype " type "\ntag " name \
	"\ntagger A <a> 1 +0000\n\nit\n"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct parts {
	struct buf payload, signature;
};

static int
divide(struct parts *p, bool is_tag, const char *text, struct error *err)
{
	struct object o;

	*p = (struct parts){.payload = {0}};
	buf_puts(&p->payload, "");
	buf_puts(&p->signature, "");
	return object_parse(&o, is_tag, text, strlen(text), err) == 0 ?
	    object_divide(&o, &p->payload, &p->signature, err) :
	    -1;
}

static void
parts_free(struct parts *p)
{
	buf_free(&p->payload);
	buf_free(&p->signature);
}

static void
what_was_signed_is_told_from_the_signature(void)
{
	static const struct {
		bool is_tag;
		const char *text, *payload, *signature;
	} cases[] = {
	    {true, TAG(ID, "commit", "v1") PGP, TAG(ID, "commit", "v1"), PGP},
	    {true, TAG(ID, "tag", "v1") SSH, TAG(ID, "tag", "v1"), SSH},
	    {true, TAG(ID, "commit", "v1"), TAG(ID, "commit", "v1"), ""},
	    /* The last one counts, words about others do not. */
	    {true, TAG(ID, "commit", "v1") PGP SSH, TAG(ID, "commit", "v1") PGP,
		SSH},
	    {true, TAG(ID, "commit", "v1") " " PGP,
		TAG(ID, "commit", "v1") " " PGP, ""},
	    {false, "tree " ID "\ngpgsig a\n b\n \n c\nx y\n\ngpgsig z\n",
		"tree " ID "\nx y\n\ngpgsig z\n", "a\nb\n\nc\n"},
	    {false, "tree " ID "\ngpgsig-sha256 a\n b\ngpgsig c\n\nm",
		"tree " ID "\n\nm", "c\n"},
	    {false, "tree " ID "\nmergetag object\n gpgsig x\ngpgsig c\n\n",
		"tree " ID "\nmergetag object\n gpgsig x\n\n", "c\n"},
	    {false, "tree " ID "\n\n" PGP, "tree " ID "\n\n" PGP, ""},
	    {false, "tree " ID "\ngpgsig a", "tree " ID "\n", "a"},
	};
	struct parts p;
	struct error err;

	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK(divide(&p, cases[i].is_tag, cases[i].text, &err) == 0);
		CHECK_STR(p.payload.data, cases[i].payload);
		CHECK_STR(p.signature.data, cases[i].signature);
		parts_free(&p);
	}
}

static void
what_is_no_object_is_refused(void)
{
	static const struct {
		bool is_tag;
		const char *text;
	} cases[] = {
	    {false, ""},
	    {false, "tree " ID},
	    {false, "tree 0123\n"},
	    {false, " tree " ID "\n"},
	    {false, "tree " ID "\ngpgsig a\nx y\ngpgsig b\n\n"},
	    {true, "object " ID "\ntype commit\n"},
	    {true, TAG("0123", "commit", "v1")},
	    {true, TAG(ID, "tree", "v1")},
	    {true, TAG(ID, "blob", "v1")},
	    {true, "type commit\nobject " ID "\ntag v1\n"},
	};
	struct parts p;
	struct error err;

	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK(divide(&p, cases[i].is_tag, cases[i].text, &err) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		parts_free(&p);
	}
}

/* ---- chains ---- */

static void
put(struct buf *chain, struct object *o, bool is_tag, const char *text)
{
	struct error err;

	CHECK(object_parse(o, is_tag, text, strlen(text), &err) == 0);
	object_put(chain, o);
}

static int
prove(const struct buf *chain, const char *tag, const char *commit,
    const char *ref, struct error *err)
{
	const struct chain_wish wish = {tag, commit, ref};
	struct chain_found found;
	int rc = chain_prove(&found, chain->data, chain->len, &wish, err);
	bool by_tag = found.by_tag;

	chain_free(&found);
	return rc == -1 ? -1 : by_tag;
}

static const char signed_commit[] = "tree " ID "\ngpgsig c\n\nm\n";

static void
a_chain_is_what_its_ids_say(void)
{
	struct buf chain = {0};
	struct object c;
	struct error err;

	put(&chain, &c, false, signed_commit);
	CHECK_STR(c.id, "4ffcc2dfff4703dabfa149c99181c10eadd067fb");
	CHECK(prove(&chain, "", c.id, "HEAD", &err) == 0);
	CHECK(prove(&chain, "", ID, "HEAD", &err) == -1);
	CHECK(prove(&chain, c.id, c.id, "HEAD", &err) == -1);
	buf_add(&chain, "x", 1);
	CHECK(prove(&chain, "", c.id, "HEAD", &err) == -1);
	buf_free(&chain);
}

/* A tag and its commit. */
static void
put_tag(struct buf *chain, struct buf *text, struct object *t, struct object *c)
{
	struct buf unused = {0};

	put(&unused, c, false, signed_commit);
	buf_printf(text, TAG("%s", "commit", "v1") PGP, c->id);
	put(chain, t, true, text->data);
	object_put(chain, c);
	buf_free(&unused);
}

static void
a_tag_leads_to_its_commit_by_its_name(void)
{
	static const char *const other[] = {"refs/tags/v2", "refs/tags/v",
	    "refs/tags/v11"};
	struct buf chain = {0}, text = {0};
	struct object c, t;
	struct error err;

	put_tag(&chain, &text, &t, &c);
	CHECK(prove(&chain, t.id, c.id, "refs/tags/v1", &err) == 1);
	CHECK(prove(&chain, t.id, c.id, "HEAD", &err) == 1);
	CHECK(prove(&chain, t.id, ID, "HEAD", &err) +
		prove(&chain, "", c.id, "refs/tags/v1", &err) ==
	    -2);
	for (size_t i = 0; i < COUNT(other); i++) {
		CHECK(prove(&chain, t.id, c.id, other[i], &err) == -1);
		CHECK_HAS(err.msg, "leads to what was signed as tag 'v1'");
	}
	chain.len -= strlen(signed_commit);
	CHECK(prove(&chain, t.id, c.id, "refs/tags/v1", &err) == -1);
	buf_free(&text);
	buf_free(&chain);
}

/* And without a signature the inner one is not asked, but the commit. */
static void
of_tags_of_tags_the_outer_one_counts(void)
{
	struct buf inner = {0}, chain = {0}, text = {0}, other = {0};
	struct object c, t, outer;
	struct error err;

	put_tag(&inner, &text, &t, &c);
	buf_printf(&other, TAG("%s", "tag", "v2"), t.id);
	put(&chain, &outer, true, other.data);
	buf_add(&chain, inner.data, inner.len);
	CHECK(prove(&chain, outer.id, c.id, "refs/tags/v2", &err) == 0);
	CHECK(prove(&chain, t.id, c.id, "refs/tags/v2", &err) == -1);
	CHECK(prove(&chain, ID, c.id, "refs/tags/v2", &err) == -1);
	buf_free(&inner);
	buf_free(&chain);
	buf_free(&text);
	buf_free(&other);
}

/* ---- gpg ---- */

#define G "[GNUPG:] "
#define GOOD G "GOODSIG 0123 A <a@example.org>\n"
#define VALID G "VALIDSIG F00D 2026-01-01 1 0 4 0 22 8 00 CAFE\n"

static void
one_good_signature_is_good(void)
{
	static const struct {
		const char *lines;
		int status;
		const char *said;
	} cases[] = {
	    {GOOD VALID, 0, "'A <a@example.org>', key CAFE"},
	    {"gpgv: Good signature\n" G "NEWSIG\n" VALID GOOD G "X\n", 0,
		"'A <a@example.org>', key CAFE"},
	    {GOOD VALID, 1, "the signature cannot be checked"},
	    {GOOD, 0, "the signature cannot be checked"},
	    {VALID, 0, "the signature cannot be checked"},
	    {"", 0, "the signature cannot be checked"},
	    {"GOODSIG 1 a\nVALIDSIG 1\n", 0, "the signature cannot be checked"},
	    {G "GOODSIG\n" VALID, 0, "the signature cannot be checked"},
	    {GOOD VALID GOOD VALID, 0, "it has two signatures"},
	    {GOOD VALID G "BADSIG 1 b\n", 0, "it has two signatures"},
	    {G "BADSIG 1 b\n", 1,
		"the signature is not of this content (key 1 b)"},
	    {G "EXPSIG 1 b\n" VALID, 0, "the signature has expired (key 1 b)"},
	    {G "EXPKEYSIG 1 b\n" VALID, 0,
		"it is signed with a key that has expired (1 b)"},
	    {G "REVKEYSIG 1 b\n" VALID, 0,
		"it is signed with a key that was revoked (1 b)"},
	    {G "ERRSIG 1 22 8 00 1 9 -\n" G "NO_PUBKEY 1\n", 2,
		"it is signed with key 1, which is not among those of the "
		"signers"},
	    {G "ERRSIG 1 22 8 00 1 4 -\n", 2,
		"the signature cannot be checked"},
	};
	struct buf who = {0};
	struct error err;
	int rc;

	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&who);
		rc = gpg_status(cases[i].lines, cases[i].status, &who, &err);
		CHECK((rc == 0) == (*cases[i].said == '\''));
		CHECK_STR(rc == 0 ? who.data : err.msg, cases[i].said);
	}
	buf_free(&who);
}

static void
armor_is_taken_off(void)
{
#define BEGIN "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
#define END "-----END PGP PUBLIC KEY BLOCK-----\n"
	static const struct {
		const char *text, *packets;
	} cases[] = {
	    {BEGIN "\nTWFu\n=abcd\n" END, "Man"},
	    {"words\n" BEGIN "Comment: x\n\nTWFu\nTQ==\n=abcd\n" END "words\n",
		"ManM"},
	    {BEGIN "\r\nTWFu\r\n" END BEGIN "\nTWE=\n" END, "ManMa"},
	    {BEGIN "\nTWFu\n", NULL},
	    {BEGIN "\nTW*u\n" END, NULL},
	    {BEGIN "\n" END, NULL},
	    {"TWFu\n", NULL},
	    {"", NULL},
	};
	struct buf b = {0};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int rc;

		buf_clear(&b);
		rc = armor_read(&b, cases[i].text, strlen(cases[i].text));
		CHECK((rc == 0) == (cases[i].packets != NULL));
		if (cases[i].packets != NULL)
			CHECK_STR(b.data, cases[i].packets);
	}
	buf_free(&b);
}

static void
marks_of_signers_are_told_apart(void)
{
	char gpg[SIGNERS_MARK_MAX], ssh[SIGNERS_MARK_MAX];
	struct error err;

	signers_mark_of(gpg, "gpg", "a", 1);
	signers_mark_of(ssh, "ssh", "a", 1);
	CHECK(signers_mark_ok(gpg) && signers_mark_ok(ssh));
	CHECK(strcmp(gpg, ssh) != 0 && strcmp(gpg + 4, ssh + 4) == 0);
	CHECK(!signers_mark_ok("gpg:") && !signers_mark_ok("x") &&
	    !signers_mark_ok(gpg + 1));
	CHECK(signers_mark(gpg, "gpg", "/nowhere/keys", &err) == -1);
	CHECK(err.kind == ERR_CONFIG);
}

int
main(void)
{
	RUN(what_was_signed_is_told_from_the_signature);
	RUN(what_is_no_object_is_refused);
	RUN(a_chain_is_what_its_ids_say);
	RUN(a_tag_leads_to_its_commit_by_its_name);
	RUN(of_tags_of_tags_the_outer_one_counts);
	RUN(one_good_signature_is_good);
	RUN(armor_is_taken_off);
	RUN(marks_of_signers_are_told_apart);
	return check_done();
}
