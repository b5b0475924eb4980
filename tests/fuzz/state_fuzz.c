/*
 * Whatever stands in a state file is refused or understood: what was read
 * is written again and read equal.  The same bytes as lines of a journal.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/state.h"
#include "state_priv.h"

static void
fuzz_state(const uint8_t *data, size_t size)
{
	struct buf in = {0}, first = {0}, second = {0};
	struct state st, again;
	struct error err;

	buf_add(&in, data, size);
	if (state_read(&st, in.data, in.len, &err) == 0) {
		state_write(&first, &st);
		buf_clear(&in);
		buf_add(&in, first.data, first.len);
		require(state_read(&again, in.data, in.len, &err) == 0);
		require(again.n == st.n);
		state_write(&second, &again);
		require(first.len == second.len);
		require(memcmp(first.data, second.data, first.len) == 0);
		for (size_t i = 0; i < st.n; i++)
			require(state_find(&again, st.v[i].name) != NULL);
		state_free(&again);
		state_free(&st);
	} else {
		require(err.kind == ERR_CONFIG && st.v == NULL);
	}
	buf_free(&in);
	buf_free(&first);
	buf_free(&second);
}

static void
fuzz_intent(char *line)
{
	struct buf first = {0}, second = {0};
	struct intent in, again;

	if (intent_read(&in, line) != NULL)
		return;
	require(strchr(in.trash, '/') == NULL && strchr(in.trash, '.') == NULL);
	intent_write(&first, &in);
	buf_add(&second, first.data, first.len - 1);
	require(intent_read(&again, second.data) == NULL);
	buf_clear(&second);
	intent_write(&second, &again);
	require(strcmp(first.data, second.data) == 0);
	record_free(&in.record);
	record_free(&again.record);
	buf_free(&first);
	buf_free(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size);
	char *line = text, *lf;

	fuzz_state(data, size);
	while ((lf = strchr(line, '\n')) != NULL) {
		*lf = '\0';
		fuzz_intent(line);
		line = lf + 1;
	}
	free(text);
	return 0;
}
