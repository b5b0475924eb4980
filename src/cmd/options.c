#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include "cmd/cmd.h"
#include "kelpie/config.h"
#include "kelpie/error.h"
#include "kelpie/sandbox.h"

/*
 * getopt_long(3) leaves a short option in optopt; of a long one the word
 * itself lies behind it, also when it had a value that it does not take.
 */
int
command_bad_option(int c, char **argv, struct error *err)
{
	const char *word = argv[optind - 1];
	const char *what = c == ':' ? "needs a value" : "is not known here";
	bool is_long = strncmp(word, "--", 2) == 0;

	if (is_long && strchr(word, '=') != NULL)
		what = optopt != 0 ? "takes no value" : what;
	else if (optopt != 0 && (c == '?' || !is_long))
		return error_set(err, ERR_USAGE,
		    "option '-%c' %s; see kelpie %s --help", optopt, what,
		    argv[0]);
	return error_set(err, ERR_USAGE, "option '%s' %s; see kelpie %s --help",
	    word, what, argv[0]);
}

int
command_sandbox(const struct config *c, struct error *err)
{
	sandbox_choose((enum sandbox_mode)c->value[CONFIG_SANDBOX]);
	return sandbox_check(err);
}
