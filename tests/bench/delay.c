/*
 * delay.c - a TCP proxy on loopback that makes the wire as long as one likes.
 *
 * usage: delay LISTEN-PORT TARGET-PORT RTT-MS
 *
 * Every byte arrives half a round trip after it was sent, and the first one
 * of a connection a round trip later, as if the connection had to be made
 * over that wire.  No loss, no limit to the bandwidth.
 */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 1024
#define CHUNK (64u << 10)
#define HELD_MAX (4u << 20)

struct chunk {
	struct chunk *next;
	int64_t due;
	size_t len, off; /* len 0: the end */
	char data[];
};

/* One direction of a connection. */
struct way {
	int from, to;
	struct chunk *head, *tail;
	size_t held;
	bool eof, done, blocked;
};

struct conn {
	int64_t ready; /* when the connection would have been made */
	struct way way[2];
};

static struct conn *conns[CONNS_MAX];
static size_t conns_n;
static int64_t rtt;

static int64_t
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static int
endpoint(uint16_t port, bool listening)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1, fd;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		err(1, "socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (listening &&
	    (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1 ||
		listen(fd, 1024) == -1))
		err(1, "port %u", port);
	if (!listening && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == -1)
		err(1, "connect to %u", port);
	return fd;
}

static void
take_connection(int listener, uint16_t target)
{
	struct conn *c;
	int one = 1, client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (client == -1)
		return;
	if (conns_n == CONNS_MAX)
		errx(1, "more than %d connections", CONNS_MAX);
	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		err(1, "calloc");
	c->ready = now() + rtt;
	c->way[0].from = c->way[1].to = client;
	c->way[0].to = c->way[1].from = endpoint(target, false);
	conns[conns_n++] = c;
}

static void
receive(const struct conn *c, struct way *w)
{
	struct chunk *k = malloc(sizeof(*k) + CHUNK);
	int64_t t = now();
	ssize_t n;

	if (k == NULL)
		err(1, "malloc");
	n = recv(w->from, k->data, CHUNK, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
		free(k);
		return;
	}
	*k = (struct chunk){.due = (t > c->ready ? t : c->ready) + rtt / 2,
	    .len = n > 0 ? (size_t)n : 0};
	w->eof = n <= 0;
	w->held += k->len;
	if (w->tail != NULL)
		w->tail->next = k;
	else
		w->head = k;
	w->tail = k;
}

/* Hand on what is due. */
static void
deliver(struct way *w, int64_t t)
{
	struct chunk *k;
	ssize_t n;

	w->blocked = false;
	while ((k = w->head) != NULL && k->due <= t) {
		if (k->len == 0) {
			(void)shutdown(w->to, SHUT_WR);
			w->done = true;
		} else {
			n = send(w->to, k->data + k->off, k->len - k->off,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
			if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
				w->blocked = true;
				return;
			}
			/* A peer that is gone swallows the rest. */
			k->off += n > 0 ? (size_t)n : k->len - k->off;
			if (k->off < k->len)
				continue;
		}
		w->held -= k->len;
		w->head = k->next;
		if (w->head == NULL)
			w->tail = NULL;
		free(k);
	}
}

static void
reap(void)
{
	size_t i, kept = 0;

	for (i = 0; i < conns_n; i++) {
		if (conns[i]->way[0].done && conns[i]->way[1].done) {
			(void)close(conns[i]->way[0].from);
			(void)close(conns[i]->way[0].to);
			free(conns[i]);
		} else
			conns[kept++] = conns[i];
	}
	conns_n = kept;
}

/* Fill in what to wait for, and return when the next chunk is due. */
static int64_t
prepare(struct pollfd *fds)
{
	int64_t first = INT64_MAX;
	const struct way *w;
	size_t i;

	for (i = 0; i < 2 * conns_n; i++) {
		w = &conns[i / 2]->way[i % 2];
		fds[2 * i] = (struct pollfd){.events = POLLIN,
		    .fd = w->eof || w->held > HELD_MAX ? -1 : w->from};
		fds[2 * i + 1] = (struct pollfd){.events = POLLOUT,
		    .fd = w->blocked ? w->to : -1};
		if (!w->blocked && w->head != NULL && w->head->due < first)
			first = w->head->due;
	}
	return first;
}

static void
serve(int listener, uint16_t target)
{
	static struct pollfd fds[4 * CONNS_MAX + 1];
	struct timespec ts, *timeout;
	size_t i, n;
	int64_t first, t;

	for (;;) {
		first = prepare(fds + 1);
		fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
		n = conns_n;
		t = first != INT64_MAX ? first - now() : 0;
		t = t > 0 ? t : 0;
		ts.tv_sec = t / 1000000000;
		ts.tv_nsec = t % 1000000000;
		timeout = first != INT64_MAX ? &ts : NULL;
		if (ppoll(fds, 4 * n + 1, timeout, NULL) == -1 &&
		    errno != EINTR)
			err(1, "ppoll");
		for (i = 0; i < 2 * n; i++)
			if (fds[2 * i + 1].revents != 0)
				receive(conns[i / 2],
				    &conns[i / 2]->way[i % 2]);
		t = now();
		for (i = 0; i < 2 * n; i++)
			deliver(&conns[i / 2]->way[i % 2], t);
		reap();
		if (fds[0].revents != 0)
			take_connection(listener, target);
	}
}

int
main(int argc, char **argv)
{
	struct rlimit files;
	int listener;

	if (argc != 4)
		errx(2, "usage: delay LISTEN-PORT TARGET-PORT RTT-MS");
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	(void)prctl(PR_SET_TIMERSLACK, 1UL);
	rtt = (int64_t)(strtod(argv[3], NULL) * 1e6);
	listener = endpoint((uint16_t)strtoul(argv[1], NULL, 10), true);
	serve(listener, (uint16_t)strtoul(argv[2], NULL, 10));
	return 0;
}
