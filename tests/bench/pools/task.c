#include "task.h"

#include <err.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct value {
	uint64_t count, mixed;
	char rest[TASK_VALUE - 16];
};

static void
wait_for_the_wire(const struct task *t)
{
	struct timespec ts = {.tv_sec = t->delay_ns / 1000000000,
	    .tv_nsec = t->delay_ns % 1000000000};

	if (t->delay_ns > 0)
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);
}

static void
file_open(int *fd, const struct task *t, unsigned key, int flags)
{
	char path[512];

	if (snprintf(path, sizeof(path), "%s/key%u", t->dir, key) >=
	    (int)sizeof(path))
		errx(1, "%s: too long", t->dir);
	*fd = open(path, flags | O_CLOEXEC, 0600);
	if (*fd == -1)
		err(1, "%s", path);
}

static void
file_read(const struct task *t, unsigned key, struct value *v)
{
	int fd;

	wait_for_the_wire(t);
	file_open(&fd, t, key, O_RDONLY);
	if (read(fd, v, sizeof(*v)) != (ssize_t)sizeof(*v))
		err(1, "read key %u", key);
	(void)close(fd);
}

static void
file_write(const struct task *t, unsigned key, const struct value *v)
{
	int fd;

	wait_for_the_wire(t);
	file_open(&fd, t, key, O_WRONLY | O_CREAT | O_TRUNC);
	if (write(fd, v, sizeof(*v)) != (ssize_t)sizeof(*v))
		err(1, "write key %u", key);
	(void)close(fd);
}

static void
redis_read(const struct task *t, struct wire *w, unsigned key, struct value *v)
{
	redisReply *r;

	r = redisCommand(w->redis, "GET %s/key%u", t->dir, key);
	if (r == NULL || r->type != REDIS_REPLY_STRING || r->len != sizeof(*v))
		errx(1, "GET key%u: %s", key, w->redis->errstr);
	memcpy(v, r->str, sizeof(*v));
	freeReplyObject(r);
}

static void
redis_write(const struct task *t, struct wire *w, unsigned key,
    const struct value *v)
{
	redisReply *r;

	r = redisCommand(w->redis, "SET %s/key%u %b", t->dir, key, v,
	    sizeof(*v));
	if (r == NULL || r->type != REDIS_REPLY_STATUS)
		errx(1, "SET key%u: %s", key, w->redis->errstr);
	freeReplyObject(r);
}

static void
value_read(const struct task *t, struct wire *w, unsigned key, struct value *v)
{
	if (t->store == TASK_FILE)
		file_read(t, key, v);
	else if (t->store == TASK_REDIS)
		redis_read(t, w, key, v);
}

static void
value_write(const struct task *t, struct wire *w, unsigned key,
    const struct value *v)
{
	if (t->store == TASK_FILE)
		file_write(t, key, v);
	else if (t->store == TASK_REDIS)
		redis_write(t, w, key, v);
}

static void
connect_once(const struct task *t, struct wire *w)
{
	if (t->store != TASK_REDIS || w->redis != NULL)
		return;
	w->redis = redisConnect("127.0.0.1", t->port);
	if (w->redis == NULL || w->redis->err != 0)
		errx(1, "redis on port %d: %s", t->port,
		    w->redis != NULL ? w->redis->errstr : "no memory");
}

void
task_connect(const struct task *t, struct wire *w)
{
	redisReply *r;

	if (t->store != TASK_REDIS)
		return;
	connect_once(t, w);
	r = redisCommand(w->redis, "PING");
	if (r == NULL)
		errx(1, "PING: %s", w->redis->errstr);
	freeReplyObject(r);
}

void
task_run(const struct task *t, struct wire *w, unsigned key)
{
	struct value v = {.count = 0};

	connect_once(t, w);
	value_read(t, w, key, &v);
	v.count++;
	v.mixed = task_compute(t->loops, v.count);
	value_write(t, w, key, &v);
}

uint64_t
task_count(const struct task *t, struct wire *w, unsigned key)
{
	struct value v = {.count = 0};

	connect_once(t, w);
	value_read(t, w, key, &v);
	return v.count;
}

void
task_reset(const struct task *t, struct wire *w, unsigned key)
{
	struct value v = {.count = 0};

	connect_once(t, w);
	value_write(t, w, key, &v);
}

void
task_disconnect(struct wire *w)
{
	if (w->redis != NULL)
		redisFree(w->redis);
	w->redis = NULL;
}

/* Marsaglia's xorshift64: each step needs the one before. */
uint64_t
task_compute(uint64_t loops, uint64_t seed)
{
	uint64_t x = seed + 1;

	for (; loops > 0; loops--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}
