/*
 * Any bytes as YAML: either a message with its place, or a tree that keeps
 * every promise of yaml.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "kelpie/error.h"
#include "kelpie/yaml.h"

/* "line:column: " and something behind it. */
static void
check_message(const char *s)
{
	int i;

	for (i = 0; i < 2; i++) {
		require(isdigit((unsigned char)*s) && *s != '0');
		s += strspn(s, "0123456789");
		require(*s++ == ':');
	}
	require(s[0] == ' ' && s[1] != '\0');
}

static void
check_tree(const struct yaml *n, unsigned depth, size_t *nodes)
{
	size_t i;

	if (n == NULL)
		abort();
	require(n->line > 0 && n->column > 0);
	require(depth <= YAML_DEPTH_MAX && ++*nodes <= YAML_NODES_MAX);
	require(yaml_type(n)[0] != '\0');
	require((n->text != NULL) == (n->kind == YAML_SCALAR));
	if (n->kind == YAML_LIST)
		for (i = 0; i < n->n; i++)
			check_tree(n->item[i], depth + 1, nodes);
	if (n->kind != YAML_MAP)
		return;
	for (i = 0; i < n->n; i++) {
		require(n->item[2 * i]->kind == YAML_SCALAR);
		/* Found by its key: so no other has the same one. */
		if (n->n < 100)
			require(yaml_get(n, n->item[2 * i]->text) ==
			    n->item[2 * i + 1]);
		check_tree(n->item[2 * i], depth + 1, nodes);
		check_tree(n->item[2 * i + 1], depth + 1, nodes);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct yaml *tree;
	struct error err;
	size_t nodes = 0;

	if (yaml_parse(&tree, (const char *)data, size, &err) == -1) {
		require(tree == NULL && err.kind == ERR_CONFIG);
		check_message(err.msg);
		return 0;
	}
	if (tree != NULL)
		check_tree(tree, 0, &nodes);
	yaml_free(tree);
	return 0;
}
