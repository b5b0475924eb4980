#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gitconfig_priv.h"

/*
 * curl's variables: curl(1), "ENVIRONMENT", and libcurl-env(3).
 */

static const char *
either(const char *name, const char *other)
{
	const char *value = getenv(name);

	return value != NULL ? value : getenv(other);
}

/* HTTP_PROXY is what a CGI gets of a header "Proxy:", so it does not count. */
const char *
proxy_of_environment(const char *scheme)
{
	const char *value;

	if (strcmp(scheme, "https") == 0)
		value = either("https_proxy", "HTTPS_PROXY");
	else
		value = getenv("http_proxy");
	return value != NULL ? value : either("all_proxy", "ALL_PROXY");
}

/* The bytes of an address; 0 if it is none. */
static size_t
address(const char *s, unsigned char out[16])
{
	if (inet_pton(AF_INET, s, out) == 1)
		return 4;
	return inet_pton(AF_INET6, s, out) == 1 ? 16 : 0;
}

/* "address" or "address/bits". */
static bool
in_network(const char *host, const char *word)
{
	unsigned char a[16], b[16];
	size_t len = address(host, a);
	char *net = xstrdup(word), *slash = strchr(net, '/'), *end;
	unsigned long bits = len * 8;
	bool is = true;

	if (slash != NULL) {
		*slash++ = '\0';
		bits = strtoul(slash, &end, 10);
		is = isdigit((unsigned char)*slash) && *end == '\0' &&
		    bits <= len * 8;
	}
	is = is && len != 0 && address(net, b) == len &&
	    memcmp(a, b, bits / 8) == 0;
	if (is && bits % 8 != 0)
		is = (a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8) == 0;
	free(net);
	return is;
}

/* The name itself, or the end of one, from a dot on. */
static bool
in_domain(const char *host, const char *word)
{
	size_t n = strlen(host), len;

	word += *word == '.';
	len = strlen(word);
	if (len != 0 && word[len - 1] == '.')
		len--;
	if (n != 0 && host[n - 1] == '.')
		n--;
	if (len == 0 || len > n || strncasecmp(host + n - len, word, len) != 0)
		return false;
	return len == n || host[n - len - 1] == '.';
}

static bool
listed(const char *host, const char *list)
{
	static const char between[] = ", \t";
	unsigned char unused[16];
	bool is_address = address(host, unused) != 0, is = false;

	if (strcmp(list, "*") == 0)
		return true;
	while (!is && *(list += strspn(list, between)) != '\0') {
		size_t len = strcspn(list, between);
		char *word = xstrndup(list, len);

		is =
		    is_address ? in_network(host, word) : in_domain(host, word);
		free(word);
		list += len;
	}
	return is;
}

bool
proxy_unwanted(const char *host)
{
	const char *list = either("no_proxy", "NO_PROXY");
	size_t len = strlen(host);
	char *bare;
	bool is;

	if (list == NULL)
		return false;
	/* The brackets of an IPv6 address. */
	bare = *host == '[' && len > 2 ? xstrndup(host + 1, len - 2) :
					 xstrdup(host);
	is = listed(bare, list);
	free(bare);
	return is;
}
