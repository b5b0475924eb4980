/*
 * Any text as a version: it is read again from what is written of it, in one
 * line, there and in a file of requirements.  Any bytes as the line of the
 * install info: what is read can be written and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "installinfo_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/yaml.h"

static void
check_scalar(const char *text)
{
	struct buf b = {0};
	char *again;

	scalar_write(&b, text);
	require(strpbrk(b.data, "\n\r") == NULL);
	require(scalar_read(&again, b.data) == 0);
	require(again != NULL ? strcmp(again, text) == 0 : *text == '\0');
	free(again);
	buf_free(&b);
}

/* Our own way to write a string, and libyaml's to read it. */
static void
check_yaml(const char *text)
{
	struct buf b = {0};
	struct yaml *tree;
	struct error err;
	const struct yaml *value;

	buf_puts(&b, "a: ");
	yaml_write(&b, text);
	buf_puts(&b, "\nb: c\n");
	/* Only what is no UTF-8 cannot be written so. */
	if (yaml_parse(&tree, b.data, b.len, &err) == 0) {
		value = yaml_get(tree, "a");
		require(value != NULL && yaml_is_text(value));
		require(strcmp(value->text, text) == 0);
		require(yaml_get(tree, "b") != NULL);
		yaml_free(tree);
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *)data, size), *read;

	check_scalar(text);
	check_yaml(text);
	if (scalar_read(&read, text) == 0) {
		if (read != NULL)
			check_scalar(read);
		free(read);
	}
	free(text);
	return 0;
}
