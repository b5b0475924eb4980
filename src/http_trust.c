#include "http_trust.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "kelpie/buf.h"
#include "kelpie/http.h"

/*
 * Certificates under hashed names (openssl-rehash(1)): to look one up there
 * costs a fraction of what reading the whole bundle does.
 */
#define HASHED_DIR "/etc/ssl/certs"

#define PATHS_MAX 32

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* "0a1b2c3d.0" */
static bool
is_hashed(const char *name)
{
	return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
	    isdigit((unsigned char)name[9]);
}

static bool
has_hashed(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	bool found = false;

	if (d == NULL)
		return false;
	while (!found && (e = readdir(d)) != NULL)
		found = is_hashed(e->d_name);
	(void)closedir(d);
	return found;
}

/*
 * The variables are OpenSSL's, and each takes the place of its own default
 * alone (X509_get_default_cert_file_env(3)).
 */
void
trust_find(struct trust *t, const char *ca_file)
{
	*t = (struct trust){.file = ca_file, .chosen = true};
	if (ca_file != NULL)
		return;
	t->file = env("SSL_CERT_FILE");
	t->dir = env("SSL_CERT_DIR");
	t->chosen = t->file != NULL || t->dir != NULL;
	if (t->dir == NULL && has_hashed(HASHED_DIR))
		t->dir = HASHED_DIR;
}

/* Add the parts of a list with colons. */
static void
add_list(const char **paths, size_t n, const char *list)
{
	char *copy = xstrdup(list), *rest = copy, *part;

	while (n < PATHS_MAX - 1 && (part = strsep(&rest, ":")) != NULL)
		if (*part != '\0')
			paths[n++] = xstrdup(part);
	free(copy);
}

const char *const *
http_trust(const char *ca_file)
{
	/* The store of Debian and what its links point to, then those of
	 * other systems, and what configures TLS libraries.  Not all of
	 * /etc/ssl and /etc/pki: the machine's own keys lie there, too. */
	static const char *const usual[] = {"/etc/ssl/certs",
	    "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem",
	    "/etc/ssl/openssl.cnf", "/usr/lib/ssl",
	    "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
	    "/var/lib/ca-certificates", "/etc/ca-certificates",
	    "/etc/pki/ca-trust", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem",
	    "/etc/pki/tls/openssl.cnf", "/etc/pki/tls/openssl.d",
	    "/usr/share/pki", "/etc/crypto-policies",
	    "/usr/share/crypto-policies", "/etc/gnutls"};
	/* Made once a process, which never trusts anything else. */
	static const char *paths[PATHS_MAX];
	const char *file = env("SSL_CERT_FILE"), *dirs = env("SSL_CERT_DIR");
	size_t n = 0;

	if (paths[0] != NULL)
		return paths;
	for (; n < sizeof(usual) / sizeof(usual[0]); n++)
		paths[n] = usual[n];
	if (ca_file != NULL)
		paths[n++] = xstrdup(ca_file);
	if (ca_file == NULL && file != NULL)
		paths[n++] = xstrdup(file);
	if (ca_file == NULL && dirs != NULL)
		add_list(paths, n, dirs);
	return paths;
}
