#include "netrc.h"

#include <stdlib.h>

#include "check.h"
#include "kelpie/buf.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *text, *host, *want_user, *user, *password;
} rows[] = {
    {"machine h login u password p", "h", NULL, "u", "p"},
    {"machine h\n\tlogin u\n\tpassword p\n", "h", NULL, "u", "p"},
    {"machine h\r\nlogin u\r\npassword p\r\n", "h", NULL, "u", "p"},
    {"machine h password p login u", "h", NULL, "u", "p"},
    {"machine H login u password p", "h", NULL, "u", "p"},
    {"MACHINE h LOGIN u PASSWORD p", "h", NULL, "u", "p"},
    {"machine h login u password p", "g", NULL, NULL, NULL},
    {"machine h.org login u password p", "h", NULL, NULL, NULL},
    {"machine a login x password y machine h login u password p", "h", NULL,
	"u", "p"},
    {"machine h login u password p machine h login v password q", "h", NULL,
	"u", "p"},
    {"machine h login u password p machine h login v password q", "h", "v", "v",
	"q"},
    {"machine h login u password p", "h", "v", NULL, NULL},
    {"machine h login u password p default login d password e", "h", "d", "d",
	"e"},
    {"machine h password p", "h", "v", "v", "p"},
    {"machine h password p", "h", NULL, "", "p"},
    {"machine h login u", "h", NULL, "u", ""},
    {"machine h machine g login u password p", "h", NULL, NULL, NULL},
    {"machine h default login u password p", "h", NULL, "u", "p"},
    {"default login u password p", "any", NULL, "u", "p"},
    {"default login u password p machine h login v password q", "h", NULL, "u",
	"p"},
    {"machine h login u account a password p", "h", NULL, "u", "p"},
    {"machine h login \"u v\" password \"p \\\"q\\\" \\\\ \\t\"", "h", NULL,
	"u v", "p \"q\" \\ \t"},
    {"machine h login u password \"open", "h", NULL, "u", "open"},
    {"machine h login u password \"\"", "h", NULL, "u", ""},
    {"# machine h login x password y\nmachine h login u password p", "h", NULL,
	"u", "p"},
    {"machine h # the best\n login u\n # and\n password p", "h", NULL, "u",
	"p"},
    {"machine h login u password #p", "h", NULL, "u", "#p"},
    {"machine h login u password machine", "h", NULL, "u", "machine"},
    {"machine a login x password y\nmacdef init\nmachine h login "
     "x\npassword y\n\nmachine h login u password p",
	"h", NULL, "u", "p"},
    {"macdef init\nmachine h login u password p", "h", NULL, NULL, NULL},
    {"login x password y machine h login u password p", "h", NULL, "u", "p"},
    {"machine h login u password", "h", NULL, "u", ""},
    {"machine h login", "h", NULL, NULL, NULL},
    {"machine", "h", NULL, NULL, NULL},
    {"machine h login u password p", "", NULL, NULL, NULL},
    {"words without sense", "h", NULL, NULL, NULL},
    {"", "h", NULL, NULL, NULL},
};

static void
each_host_has_its_entry(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = xstrdup(rows[i].text);
		const char *user = NULL, *password = NULL;
		bool found = netrc_find(text, rows[i].host, rows[i].want_user,
		    &user, &password);

		if (found != (rows[i].user != NULL)) {
			printf("# '%s'\n", rows[i].text);
			check_failed = 1;
		} else if (found) {
			CHECK_STR(user, rows[i].user);
			CHECK_STR(password, rows[i].password);
		}
		free(text);
	}
}

int
main(void)
{
	RUN(each_host_has_its_entry);
	return check_done();
}
