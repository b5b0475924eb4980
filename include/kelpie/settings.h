/*
 * settings.h - how to talk to one http origin: what the user's git
 * configuration, environment and options come to for it.
 */
#ifndef KELPIE_SETTINGS_H
#define KELPIE_SETTINGS_H

#include <stdbool.h>

/* Strings may be NULL; all are borrowed from whoever filled it in. */
struct settings {
	const char *ca_file; /* --ca-file, GIT_SSL_CAINFO, http.sslCAInfo */
	const char *cert, *key; /* http.sslCert, http.sslKey: PEM files */
	const char *proxy; /* URL; "" is none at all */
	const char *const *headers; /* http.extraHeader; NULL ends; or NULL */
	bool insecure; /* http.sslVerify is false, GIT_SSL_NO_VERIFY is set */
};

#endif
