#include "kelpie/signed.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sha1.h>

#include "kelpie/error.h"
#include "kelpie/rules.h"

/* ---- an object ---- */

static const char *
kind_word(bool is_tag)
{
	return is_tag ? "tag" : "commit";
}

static void
count_id(struct object *o)
{
	char head[32];
	SHA1_CTX sha;
	int n = snprintf(head, sizeof(head), "%s %zu", kind_word(o->is_tag),
	    o->len);

	SHA1Init(&sha);
	SHA1Update(&sha, (const uint8_t *)head, (size_t)n + 1);
	SHA1Update(&sha, (const uint8_t *)o->text, o->len);
	(void)SHA1End(&sha, o->id);
}

/* What is left to read. */
struct rest {
	const char *at, *end;
};

/* The value of the next line, which begins with the key and a blank. */
static const char *
header(struct rest *r, const char *key, size_t *len)
{
	size_t n = strlen(key), left = (size_t)(r->end - r->at);
	const char *value = r->at + n + 1, *lf;

	if (left < n + 1 || memcmp(r->at, key, n) != 0 || r->at[n] != ' ')
		return NULL;
	lf = memchr(value, '\n', left - n - 1);
	if (lf == NULL)
		return NULL;
	*len = (size_t)(lf - value);
	r->at = lf + 1;
	return value;
}

static bool
take_id(char out[OBJECT_ID_MAX], const char *value, size_t len)
{
	if (value == NULL || len != OBJECT_ID_MAX - 1)
		return false;
	memcpy(out, value, len);
	out[len] = '\0';
	return is_commit_id(out);
}

static bool
is_word(const char *value, size_t len, const char *word)
{
	return value != NULL && len == strlen(word) &&
	    memcmp(value, word, len) == 0;
}

static bool
parse_tag(struct object *o, struct rest r)
{
	size_t len = 0;
	const char *value = header(&r, "object", &len);

	if (!take_id(o->target, value, len))
		return false;
	value = header(&r, "type", &len);
	o->to_tag = is_word(value, len, "tag");
	if (!o->to_tag && !is_word(value, len, "commit"))
		return false;
	o->name = header(&r, "tag", &o->name_len);
	return o->name != NULL;
}

int
object_parse(struct object *o, bool is_tag, const char *text, size_t len,
    struct error *err)
{
	struct rest r = {text, text + len};
	char tree[OBJECT_ID_MAX];
	const char *value;
	size_t n = 0;

	*o = (struct object){.text = text, .len = len, .is_tag = is_tag};
	if (len > OBJECT_BYTES_MAX)
		return error_set(err, ERR_INTEGRITY,
		    "the %s is larger than %u bytes", kind_word(is_tag),
		    OBJECT_BYTES_MAX);
	if (is_tag) {
		if (!parse_tag(o, r))
			return error_set(err, ERR_INTEGRITY,
			    "the tag does not lead to a commit");
	} else {
		value = header(&r, "tree", &n);
		if (!take_id(tree, value, n))
			return error_set(err, ERR_INTEGRITY,
			    "the commit has no tree");
	}
	count_id(o);
	return 0;
}

void
object_put(struct buf *b, const struct object *o)
{
	buf_printf(b, "%s %zu", kind_word(o->is_tag), o->len);
	buf_add(b, "", 1);
	buf_add(b, o->text, o->len);
}

/* ---- its signature ---- */

static bool
begins(const struct rest *r, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(r->end - r->at) >= n && memcmp(r->at, word, n) == 0;
}

static const char *
next_line(const struct rest *r)
{
	const char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));

	return lf != NULL ? lf + 1 : r->end;
}

/* Behind the message: the last line that begins one, as git has it. */
static void
divide_tag(const struct object *o, struct buf *payload, struct buf *signature)
{
	struct rest r = {o->text, o->text + o->len};
	const char *found = r.end;

	for (; r.at < r.end; r.at = next_line(&r))
		if (begins(&r, "-----BEGIN PGP SIGNATURE-----") ||
		    begins(&r, "-----BEGIN PGP MESSAGE-----") ||
		    begins(&r, "-----BEGIN SSH SIGNATURE-----") ||
		    begins(&r, "-----BEGIN SIGNED MESSAGE-----"))
			found = r.at;
	buf_add(payload, o->text, (size_t)(found - o->text));
	buf_add(signature, found, (size_t)(r.end - found));
}

/*
 * In a header of its own, whose further lines begin with a blank; all the
 * rest was signed, but for a signature of the object under an id of another
 * algorithm.
 */
static int
divide_commit(const struct object *o, struct buf *payload,
    struct buf *signature, struct error *err)
{
	enum { OTHER, OURS, FOREIGN } in = OTHER;
	struct rest r = {o->text, o->text + o->len};
	const char *next;

	for (; r.at < r.end && *r.at != '\n'; r.at = next) {
		size_t skip = 0;

		next = next_line(&r);
		if (*r.at == ' ') {
			skip = 1;
		} else if (begins(&r, "gpgsig ")) {
			if (signature->len != 0)
				return error_set(err, ERR_INTEGRITY,
				    "the commit has two signatures");
			in = OURS;
			skip = strlen("gpgsig ");
		} else {
			in = begins(&r, "gpgsig") ? FOREIGN : OTHER;
		}
		if (in == OURS)
			buf_add(signature, r.at + skip,
			    (size_t)(next - r.at) - skip);
		else if (in == OTHER)
			buf_add(payload, r.at, (size_t)(next - r.at));
	}
	buf_add(payload, r.at, (size_t)(r.end - r.at));
	return 0;
}

int
object_divide(const struct object *o, struct buf *payload,
    struct buf *signature, struct error *err)
{
	if (!o->is_tag)
		return divide_commit(o, payload, signature, err);
	divide_tag(o, payload, signature);
	return 0;
}

/* ---- a chain ---- */

/* "tag 123", a NUL, and so many bytes. */
static int
next_object(struct object *o, struct rest *r, struct error *err)
{
	bool is_tag = begins(r, "tag ");
	size_t len = 0, digits;
	const char *s;

	if (!is_tag && !begins(r, "commit "))
		return error_set(err, ERR_INTEGRITY, "no tag and no commit");
	s = r->at + strlen(kind_word(is_tag)) + 1;
	for (digits = 0; s < r->end && *s >= '0' && *s <= '9'; s++) {
		if (++digits > 8)
			break;
		len = 10 * len + (size_t)(*s - '0');
	}
	if (digits == 0 || s == r->end || *s != '\0' ||
	    (size_t)(r->end - s) - 1 < len)
		return error_set(err, ERR_INTEGRITY,
		    "an object without its length");
	r->at = s + 1 + len;
	return object_parse(o, is_tag, s + 1, len, err);
}

static int
check_name(const struct object *tag, const char *ref, struct error *err)
{
	static const char tags[] = "refs/tags/";
	const char *name = ref + sizeof(tags) - 1;
	char shown[120];

	if (strncmp(ref, tags, sizeof(tags) - 1) != 0 ||
	    is_word(tag->name, tag->name_len, name))
		return 0;
	(void)snprintf(shown, sizeof(shown), "%.*s", (int)tag->name_len,
	    tag->name);
	return error_set(err, ERR_REFUSED,
	    "tag '%s' leads to what was signed as tag '%s'", name, shown);
}

/* Is what was signed here what counts? */
static int
take_signature(struct chain_found *out, const struct object *o,
    const struct chain_wish *wish, struct error *err)
{
	chain_free(out);
	if (object_divide(o, &out->payload, &out->signature, err) == -1)
		return -1;
	out->by_tag = o->is_tag && out->signature.len != 0;
	return out->by_tag ? check_name(o, wish->ref, err) : 0;
}

static int
prove(struct chain_found *out, struct rest r, const struct chain_wish *wish,
    struct error *err)
{
	const char *id = *wish->tag != '\0' ? wish->tag : wish->commit;
	struct object o = {.to_tag = *wish->tag != '\0'};
	char next[OBJECT_ID_MAX];
	int n = 0;

	do {
		bool is_tag = o.to_tag;

		if (n == CHAIN_MAX || next_object(&o, &r, err) == -1 ||
		    o.is_tag != is_tag || strcmp(o.id, id) != 0)
			return error_set(err, ERR_INTEGRITY,
			    "%s '%s' is not what came", kind_word(is_tag), id);
		if ((n++ == 0 || (!o.is_tag && !out->by_tag)) &&
		    take_signature(out, &o, wish, err) == -1)
			return -1;
		memcpy(next, o.target, sizeof(next));
		id = next;
	} while (o.is_tag);
	if (strcmp(o.id, wish->commit) == 0 && r.at == r.end)
		return 0;
	return error_set(err, ERR_INTEGRITY, "the tag leads to commit '%s'",
	    o.id);
}

int
chain_prove(struct chain_found *out, const char *text, size_t len,
    const struct chain_wish *wish, struct error *err)
{
	struct rest r = {text, text + len};

	*out = (struct chain_found){.by_tag = false};
	if (prove(out, r, wish, err) == -1)
		return -1;
	if (out->signature.len != 0)
		return 0;
	return error_set(err, ERR_REFUSED, "%s",
	    *wish->tag != '\0' ? "neither the tag nor its commit is signed" :
				 "the commit is not signed");
}

void
chain_free(struct chain_found *c)
{
	buf_free(&c->payload);
	buf_free(&c->signature);
	*c = (struct chain_found){.by_tag = false};
}
