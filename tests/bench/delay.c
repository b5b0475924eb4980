/*
 * delay.c - a TCP proxy on loopback that makes the wire as long and as narrow
 * as one likes.
 *
 * usage: delay [-s] [-m MBIT] [-c FILE] LISTEN-PORT TARGET-PORT RTT-MS
 *
 * Every byte arrives half a round trip after it was sent, and the first one
 * of a connection a round trip later, as if the connection had to be made
 * over that wire.  No loss.
 *
 *  -m  all connections share a line of so many Mbit/s in each direction
 *  -s  slow start (RFC 5681, with the initial window of RFC 6928): a sender
 *      has ten segments on the wire at first, and one more for each that was
 *      acknowledged
 *  -c  count into FILE: three numbers of 64 bits, the bytes to the server, the
 *      bytes to the clients, the connections
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 1024
#define CHUNK (64u << 10)
#define HELD_MAX (4u << 20)
#define WINDOW_FIRST ((size_t)10 * 1448)
#define WINDOW_MAX (4u << 20)
#define BACKLOG INT64_C(5000000) /* ns of the line that are sold in advance */

enum { UP, DOWN };

struct chunk {
	struct chunk *next;
	int64_t due;
	size_t len, off; /* len 0: the end */
	char data[];
};

struct queue {
	struct chunk *head, *tail;
};

/* One direction of a connection. */
struct way {
	int from, to;
	int64_t ready; /* when the connection would have been made */
	struct queue wire, acks;
	size_t held; /* bytes in wire */
	size_t flight, window; /* bytes not acknowledged, and how many may be */
	bool eof, done, blocked;
};

struct conn {
	struct way way[2];
};

struct counters {
	uint64_t bytes[2], conns;
};

static struct conn *conns[CONNS_MAX];
static size_t conns_n;
static int64_t rtt;
static double byte_ns; /* what a byte takes of the line; 0: nothing */
static size_t piece_max = CHUNK;
static int64_t line_free[2]; /* when all that was read will have been sent */
static bool slow_start;
static struct counters nowhere, *counters = &nowhere;

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

/* A server may speak once the client has confirmed the connection: half a
 * round trip after the client may. */
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
	c->way[UP].ready = now() + rtt;
	c->way[DOWN].ready = c->way[UP].ready + rtt / 2;
	c->way[UP].window = c->way[DOWN].window = WINDOW_FIRST;
	c->way[UP].from = c->way[DOWN].to = client;
	c->way[UP].to = c->way[DOWN].from = endpoint(target, false);
	conns[conns_n++] = c;
	counters->conns++;
}

/* ---- one direction ---- */

static void
push(struct queue *q, struct chunk *k)
{
	k->next = NULL;
	if (q->tail != NULL)
		q->tail->next = k;
	else
		q->head = k;
	q->tail = k;
}

static struct chunk *
pop(struct queue *q)
{
	struct chunk *k = q->head;

	q->head = k->next;
	if (q->head == NULL)
		q->tail = NULL;
	return k;
}

/* How much may be read now. */
static size_t
room(const struct way *w)
{
	if (w->eof || w->held > HELD_MAX)
		return 0;
	if (slow_start && w->window - w->flight < piece_max)
		return w->window - w->flight;
	return piece_max;
}

/* When the last of len bytes has left. */
static int64_t
leave(int dir, const struct way *w, size_t len, int64_t t)
{
	int64_t *line = &line_free[dir];

	if (*line < t)
		*line = t;
	*line += (int64_t)((double)len * byte_ns);
	return *line > w->ready ? *line : w->ready;
}

static void
receive(int dir, struct way *w)
{
	size_t len = room(w);
	struct chunk *k = malloc(sizeof(*k) + len);
	ssize_t n;

	if (k == NULL)
		err(1, "malloc");
	n = recv(w->from, k->data, len, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
		free(k);
		return;
	}
	*k = (struct chunk){.len = n > 0 ? (size_t)n : 0};
	k->due = leave(dir, w, k->len, now()) + rtt / 2;
	w->eof = n <= 0;
	w->held += k->len;
	w->flight += slow_start ? k->len : 0;
	push(&w->wire, k);
}

/* Hand on what is due. */
static void
deliver(int dir, struct way *w, int64_t t)
{
	struct chunk *k;
	ssize_t n;

	w->blocked = false;
	while ((k = w->wire.head) != NULL && k->due <= t) {
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
		counters->bytes[dir] += k->len;
		w->held -= k->len;
		k->due = t + rtt / 2;
		push(&w->acks, pop(&w->wire));
	}
}

/* Acknowledgements that have come back open the window. */
static void
acknowledge(struct way *w, int64_t t)
{
	struct chunk *k;

	while ((k = w->acks.head) != NULL && (k->due <= t || !slow_start)) {
		w->flight -= slow_start ? k->len : 0;
		w->window += k->len;
		if (w->window > WINDOW_MAX)
			w->window = WINDOW_MAX;
		free(pop(&w->acks));
	}
}

/* ---- all of them ---- */

static void
drop(struct conn *c)
{
	for (int dir = UP; dir <= DOWN; dir++) {
		(void)close(c->way[dir].from);
		while (c->way[dir].acks.head != NULL)
			free(pop(&c->way[dir].acks));
	}
	free(c);
}

static void
reap(void)
{
	size_t i, kept = 0;

	for (i = 0; i < conns_n; i++) {
		if (conns[i]->way[UP].done && conns[i]->way[DOWN].done)
			drop(conns[i]);
		else
			conns[kept++] = conns[i];
	}
	conns_n = kept;
}

static void
sooner(int64_t *first, const struct chunk *k)
{
	if (k != NULL && k->due < *first)
		*first = k->due;
}

/* Fill in what to wait for, and return when the next thing is due. */
static int64_t
prepare(struct pollfd *fds, int64_t t)
{
	int64_t first = INT64_MAX;
	bool sold[2];
	const struct way *w;
	size_t i;

	for (int dir = UP; dir <= DOWN; dir++) {
		sold[dir] = line_free[dir] - t > BACKLOG;
		if (sold[dir] && line_free[dir] - BACKLOG < first)
			first = line_free[dir] - BACKLOG;
	}
	for (i = 0; i < 2 * conns_n; i++) {
		w = &conns[i / 2]->way[i % 2];
		fds[2 * i] = (struct pollfd){.events = POLLIN,
		    .fd = sold[i % 2] || room(w) == 0 ? -1 : w->from};
		fds[2 * i + 1] = (struct pollfd){.events = POLLOUT,
		    .fd = w->blocked ? w->to : -1};
		if (!w->blocked)
			sooner(&first, w->wire.head);
		sooner(&first, w->acks.head);
	}
	return first;
}

/* Each in its turn, as long as the line has room. */
static void
receive_all(const struct pollfd *fds, size_t n)
{
	static size_t turn;
	size_t i, k, start = turn;
	int64_t t = now();

	for (i = 0; i < n; i++) {
		k = (start + i) % n;
		if (fds[2 * k].revents == 0 || line_free[k % 2] - t > BACKLOG)
			continue;
		receive((int)(k % 2), &conns[k / 2]->way[k % 2]);
		turn = k + 1;
	}
}

static void
serve(int listener, uint16_t target)
{
	static struct pollfd fds[4 * CONNS_MAX + 1];
	struct timespec ts, *timeout;
	size_t i, n;
	int64_t first, t;

	for (;;) {
		t = now();
		first = prepare(fds + 1, t);
		fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
		n = 2 * conns_n;
		timeout = first != INT64_MAX ? &ts : NULL;
		t = timeout != NULL && first > t ? first - t : 0;
		ts.tv_sec = t / 1000000000;
		ts.tv_nsec = t % 1000000000;
		if (ppoll(fds, 2 * n + 1, timeout, NULL) == -1 &&
		    errno != EINTR)
			err(1, "ppoll");
		receive_all(fds + 1, n);
		t = now();
		for (i = 0; i < n; i++) {
			deliver((int)(i % 2), &conns[i / 2]->way[i % 2], t);
			acknowledge(&conns[i / 2]->way[i % 2], t);
		}
		reap();
		if (fds[0].revents != 0)
			take_connection(listener, target);
	}
}

/* ---- the command line ---- */

static void
set_line(double mbit)
{
	const double per_ms = mbit * 1e6 / 8 / 1000;

	if (mbit <= 0)
		errx(2, "-m wants a number");
	byte_ns = 8000 / mbit;
	if (per_ms < piece_max)
		piece_max = (size_t)per_ms;
}

static void
count_into(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1 || ftruncate(fd, sizeof(*counters)) == -1)
		err(1, "%s", file);
	counters = mmap(NULL, sizeof(*counters), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	if (counters == MAP_FAILED)
		err(1, "%s", file);
}

int
main(int argc, char **argv)
{
	static const char usage[] = "usage: delay [-s] [-m MBIT] [-c FILE] "
				    "LISTEN-PORT TARGET-PORT RTT-MS";
	struct rlimit files;
	int opt, listener;

	while ((opt = getopt(argc, argv, "sm:c:")) != -1) {
		if (opt == 's')
			slow_start = true;
		else if (opt == 'm')
			set_line(strtod(optarg, NULL));
		else if (opt == 'c')
			count_into(optarg);
		else
			errx(2, "%s", usage);
	}
	if (argc - optind != 3)
		errx(2, "%s", usage);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	(void)prctl(PR_SET_TIMERSLACK, 1UL);
	rtt = (int64_t)(strtod(argv[optind + 2], NULL) * 1e6);
	listener = endpoint((uint16_t)strtoul(argv[optind], NULL, 10), true);
	serve(listener, (uint16_t)strtoul(argv[optind + 1], NULL, 10));
	return 0;
}
