/*
 * Whatever stands in a tag or a commit: what was signed and the signature
 * are parts of it, together all of it but a header's name and blanks; a
 * chain of it is proved by its own id, and by no other; one byte less or
 * another one is noticed.  The same bytes as a chain, as an armored keyring
 * and as what gpgv says: a good one has one good signature.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/signed.h"
#include "signature_priv.h"

#define NOBODY "0123456789abcdef0123456789abcdef01234567"

/* Every byte of part comes in whole, in this order. */
static bool
is_drawn_from(const struct buf *part, const char *whole, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < part->len; i++) {
		while (at < len && whole[at] != part->data[i])
			at++;
		if (at++ == len)
			return false;
	}
	return true;
}

static void
chain_is_proved(const struct object *o, const struct buf *payload,
    bool has_signature)
{
	struct chain_wish wish = {.tag = "", .commit = o->id, .ref = ""};
	struct chain_found found;
	struct buf chain = {0};
	struct error err;

	object_put(&chain, o);
	require((chain_prove(&found, chain.data, chain.len, &wish, &err) ==
		    0) == has_signature);
	if (has_signature) {
		require(found.payload.len == payload->len);
		require(memcmp(found.payload.data, payload->data,
			    payload->len) == 0);
	} else {
		require(err.kind == ERR_REFUSED);
	}
	chain_free(&found);
	require(
	    chain_prove(&found, chain.data, chain.len - 1, &wish, &err) == -1);
	chain_free(&found);
	chain.data[chain.len - 1] ^= 1;
	require(chain_prove(&found, chain.data, chain.len, &wish, &err) == -1);
	require(err.kind == ERR_INTEGRITY);
	chain_free(&found);
	buf_free(&chain);
}

static void
fuzz_object(bool is_tag, const char *text, size_t len)
{
	struct buf payload = {0}, signature = {0};
	struct object o;
	struct error err;

	if (object_parse(&o, is_tag, text, len, &err) == -1) {
		require(err.kind == ERR_INTEGRITY);
		return;
	}
	if (object_divide(&o, &payload, &signature, &err) == 0) {
		require(payload.len + signature.len <= len);
		require(is_drawn_from(&payload, text, len));
		require(is_drawn_from(&signature, text, len));
		if (is_tag)
			require(payload.len + signature.len == len);
		else
			chain_is_proved(&o, &payload, signature.len != 0);
	}
	buf_free(&payload);
	buf_free(&signature);
}

static void
fuzz_status(const char *text)
{
	struct buf who = {0};
	struct error err;

	if (gpg_status(text, 0, &who, &err) == 0) {
		require(strstr(text, "[GNUPG:] GOODSIG ") != NULL);
		require(strstr(text, "[GNUPG:] VALIDSIG") != NULL);
		require(who.len > 0);
	}
	buf_clear(&who);
	require(gpg_status(text, 1, &who, &err) == -1);
	buf_free(&who);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct chain_wish wishes[] = {{.tag = NOBODY,
						       .commit = NOBODY,
						       .ref = "refs/tags/v1"},
	    {.tag = "", .commit = NOBODY, .ref = "HEAD"}};
	char *text = malloc(
	    size != 0 ? size : 1); /* exact, so that a step over is seen */
	struct chain_found found;
	struct buf packets = {0};
	struct error err;
	char *copy = xstrndup((const char *)data, size);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	for (size_t i = 0; i < 2; i++) {
		require(
		    chain_prove(&found, text, size, &wishes[i], &err) == -1);
		chain_free(&found);
		fuzz_object(i == 0, text, size);
	}
	if (armor_read(&packets, text, size) == 0)
		require(packets.len > 0 && packets.len < size);
	buf_free(&packets);
	fuzz_status(copy);
	free(copy);
	free(text);
	return 0;
}
