/*
 * fetch/web.h - what everything over http has in common: the connection of
 * the worker, who we are there, redirects, and what a status means.
 *
 * Private to fetch/.  Knows neither git nor archives.
 */
#ifndef KELPIE_FETCH_WEB_H
#define KELPIE_FETCH_WEB_H

#include <stdbool.h>

struct error;
struct fetcher;
struct http;
struct http_answer;
struct http_request;

/* Who asks for anything but git's. */
#define WEB_AGENT "User-Agent: kelpie/" KELPIE_VERSION

#define WEB_REDIRECTS_MAX 5

/* A new job: f->way is where its URL says, and as whom. */
void web_begin(struct fetcher *);

/* The connection of this worker, or NULL with *err. */
struct http *web_connection(struct fetcher *, struct error *);

bool web_is_redirect(const struct http_answer *);

/*
 * The server sends from one URL to another.  If that is of another origin,
 * tell the parent, whose business it is, and return -1.
 */
int web_moved(const struct fetcher *, const char *from, const char *to,
    struct error *);
/* It sends in circles, or for too long.  -1. */
int web_too_often(struct error *);

/* Is there anything in the request that says who we are? */
bool web_has_credentials(const struct fetcher *);

/*
 * A status that is not 200: -1 and *err if it means the same for everything
 * there is; 1 and *err for a 404; 0 if the caller may know more.  Tells the
 * parent what it can do about it.
 */
int web_status(const struct fetcher *, const struct http_answer *,
    struct error *);

/*
 * GET f->way with the request's headers and sink, and follow redirects at
 * this origin: f->way.base is then where it led.  -1 for whatever is no 200.
 */
int web_get(struct fetcher *, struct http_request *, struct error *);

#endif
