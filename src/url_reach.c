#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kelpie/url.h"

struct net4 {
	uint32_t first;
	unsigned bits;
	enum reach reach;
};

/* IANA's special-purpose addresses (RFC 6890). */
static const struct net4 nets[] = {
    {0x00000000, 8, REACH_PRIVATE},
    {0x0a000000, 8, REACH_PRIVATE},
    {0x64400000, 10, REACH_PRIVATE},
    {0x7f000000, 8, REACH_PRIVATE},
    {0xa9fe0000, 16, REACH_LINK},
    {0xac100000, 12, REACH_PRIVATE},
    {0xc0a80000, 16, REACH_PRIVATE},
};

static enum reach
reach_of_4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++)
		if ((address ^ nets[i].first) >> (32 - nets[i].bits) == 0)
			return nets[i].reach;
	return REACH_FAR;
}

static uint32_t
last_four(const struct in6_addr *a)
{
	const uint8_t *b = a->s6_addr + 12;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

/* With an address of version 4 inside, it is that one that is reached. */
static enum reach
reach_of_6(const struct in6_addr *a)
{
	static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b};

	if (IN6_IS_ADDR_LINKLOCAL(a))
		return REACH_LINK;
	if (IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_UNSPECIFIED(a) ||
	    IN6_IS_ADDR_SITELOCAL(a) || (a->s6_addr[0] & 0xfe) == 0xfc)
		return REACH_PRIVATE;
	if (IN6_IS_ADDR_V4MAPPED(a) || IN6_IS_ADDR_V4COMPAT(a) ||
	    memcmp(a->s6_addr, nat64, sizeof(nat64)) == 0)
		return reach_of_4(last_four(a));
	return REACH_FAR;
}

static bool
is_localhost(const char *host)
{
	static const char name[] = "localhost";
	size_t len = strlen(host), own = sizeof(name) - 1;

	return len >= own && strcasecmp(host + len - own, name) == 0 &&
	    (len == own || host[len - own - 1] == '.');
}

/* inet_aton(3) takes what getaddrinfo(3) takes: "127.1", "0x7f000001". */
static enum reach
reach_of_host(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET6, host, &six) == 1)
		return reach_of_6(&six);
	if (inet_aton(host, &four) != 0)
		return reach_of_4(ntohl(four.s_addr));
	if (is_localhost(host))
		return REACH_PRIVATE;
	/* IDNA knows many ways to write a digit. */
	for (; *host != '\0'; host++)
		if ((unsigned char)*host >= 0x80)
			return REACH_UNCLEAR;
	return REACH_FAR;
}

enum reach
url_reach(const char *s)
{
	char *origin = url_origin(s), *host = strstr(origin, "://"), *end;
	enum reach reach = REACH_HERE;

	if (host == NULL)
		goto out;
	host += strlen("://");
	end = strrchr(host, ':');
	if (*host == '[') {
		host++;
		end = strchr(host, ']');
	}
	*end = '\0';
	/* With a dot at its end it is the same name. */
	while (end > host && end[-1] == '.')
		*--end = '\0';
	reach = reach_of_host(host);
out:
	free(origin);
	return reach;
}

bool
url_may_lead(enum reach from, enum reach to)
{
	switch (to) {
	case REACH_FAR:
		return true;
	case REACH_PRIVATE:
		return from == REACH_PRIVATE || from == REACH_HERE;
	case REACH_HERE:
		return from == REACH_HERE;
	default:
		return false;
	}
}
