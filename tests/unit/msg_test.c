#include "kelpie/msg.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

/* Send a record through a socket and give back its bytes. */
static size_t
sent(const struct msg *m, char *buf, size_t size)
{
	int fd[2];
	ssize_t n = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == -1)
		return 0;
	if (msg_send(fd[1], m) == 0)
		n = read(fd[0], buf, size);
	(void)close(fd[0]);
	(void)close(fd[1]);
	return n > 0 ? (size_t)n : 0;
}

static void
a_job_survives_the_way(void)
{
	const struct msg m = {.type = MSG_JOB,
	    .job = {.id = 7,
		.url = "https://example.org/r.git",
		.version = "v1",
		.commit = "",
		.have = "abc",
		.user = "me",
		.password = "secret",
		.keep = true,
		.pup = true,
		.refs = true,
		.tags = "refs/tags/v1",
		.tag = "def",
		.verify = true,
		JOB_NO_FDS}};
	struct msg got;
	char buf[MSG_MAX];
	size_t n = sent(&m, buf, sizeof(buf));

	CHECK(msg_parse(&got, buf, n) == (int)n);
	CHECK(got.type == MSG_JOB && got.job.id == 7);
	CHECK_STR(got.job.url, "https://example.org/r.git");
	CHECK_STR(got.job.version, "v1");
	CHECK_STR(got.job.commit, "");
	CHECK_STR(got.job.have, "abc");
	CHECK_STR(got.job.user, "me");
	CHECK_STR(got.job.password, "secret");
	CHECK_STR(got.job.tags, "refs/tags/v1");
	CHECK_STR(got.job.tag, "def");
	CHECK(got.job.keep && got.job.pup && !got.job.offline);
	CHECK(got.job.refs && got.job.verify);
	CHECK(got.job.pack == -1 && got.job.link == -1 && got.job.words == -1);
}

/* Is fd open on the file whose descriptor is other? */
static bool
same_file(int fd, int other)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && fstat(other, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void
descriptors_come_with_their_job(void)
{
	int fd[2], pipes[2];
	struct msg m = {.type = MSG_JOB,
		       .job = {.url = "u",
			   .version = "",
			   .commit = "",
			   .have = "",
			   .user = "",
			   .password = "",
			   JOB_NO_FDS}},
		   got;
	struct msg_fds fds = {.n = 0};
	char buf[MSG_MAX];
	ssize_t n;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
	CHECK(pipe(pipes) == 0);
	m.job.pack = pipes[0];
	m.job.words = pipes[1];
	CHECK(msg_send(fd[1], &m) == 0);
	n = msg_read(fd[0], buf, sizeof(buf), &fds);
	CHECK(n > 0 && msg_parse(&got, buf, (size_t)n) == (int)n);
	CHECK(got.job.pack == JOB_FD_COMES && got.job.link == -1);
	CHECK(msg_take_fds(&got.job, &fds) == 0);
	CHECK(same_file(got.job.pack, pipes[0]));
	CHECK(same_file(got.job.words, pipes[1]) && got.job.link == -1);
	CHECK(fcntl(got.job.pack, F_GETFD) == FD_CLOEXEC);
	job_close(&got.job);
	CHECK(got.job.pack == -1);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	(void)close(fd[0]);
	(void)close(fd[1]);
}

static void
a_job_without_its_descriptors_is_noticed(void)
{
	struct job job = {.pack = JOB_FD_COMES, .link = -1, .words = -1};
	struct msg_fds none = {.n = 0};

	CHECK(msg_take_fds(&job, &none) == -1);
	CHECK(job.pack == -1);
}

static void
progress_facts_and_notes_survive_the_way(void)
{
	const struct msg p = {.type = MSG_PROGRESS,
	    .phase = PHASE_UNPACK,
	    .done = 3,
	    .total = 1ULL << 40};
	const struct msg f = {.type = MSG_FACT, .key = "ref", .text = "HEAD"};
	const struct msg t = {.type = MSG_NOTE, .text = ""};
	struct msg got;
	char buf[MSG_MAX];
	size_t n = sent(&p, buf, sizeof(buf));

	CHECK(msg_parse(&got, buf, n) == (int)n);
	CHECK(got.phase == PHASE_UNPACK && got.done == 3);
	CHECK(got.total == 1ULL << 40);
	n = sent(&f, buf, sizeof(buf));
	CHECK(msg_parse(&got, buf, n) == (int)n);
	CHECK_STR(got.key, "ref");
	CHECK_STR(got.text, "HEAD");
	n = sent(&t, buf, sizeof(buf));
	CHECK(msg_parse(&got, buf, n) == (int)n);
	CHECK_STR(got.text, "");
}

static void
a_result_keeps_its_kind_and_its_words(void)
{
	struct msg m = {.type = MSG_RESULT, .job = {.id = 9}}, got;
	char buf[MSG_MAX];
	size_t n;

	(void)error_set(&m.result, ERR_AUTH, "certificate has expired");
	n = sent(&m, buf, sizeof(buf));
	CHECK(msg_parse(&got, buf, n) == (int)n);
	CHECK(got.result.kind == ERR_AUTH && got.job.id == 9);
	CHECK_STR(got.result.msg, "certificate has expired");
}

static void
a_record_in_pieces_waits_for_the_rest(void)
{
	const struct msg m = {.type = MSG_NOTE, .text = "patience"};
	struct msg got;
	char buf[MSG_MAX];
	size_t i, n = sent(&m, buf, sizeof(buf));

	for (i = 0; i < n; i++)
		CHECK(msg_parse(&got, buf, i) == 0);
	CHECK(msg_parse(&got, buf, n) == (int)n);
}

static void
what_does_not_fit_is_not_sent(void)
{
	char *big = malloc(MSG_MAX + 1);
	struct msg m = {.type = MSG_NOTE, .text = big};
	char buf[MSG_MAX];

	if (big == NULL)
		return;
	memset(big, 'x', MSG_MAX);
	big[MSG_MAX] = '\0';
	CHECK(sent(&m, buf, sizeof(buf)) == 0);
	big[MSG_MAX - 5] = '\0'; /* head and NUL just fit */
	CHECK(sent(&m, buf, sizeof(buf)) == MSG_MAX);
	free(big);
}

static void
garbage_is_no_record(void)
{
	/* Native byte order: the first two bytes are the length. */
	static const struct {
		uint16_t len;
		uint8_t type, arg;
		const char *body;
		size_t body_len;
	} bad[] = {
	    {3, MSG_NOTE, 0, "", 0}, /* shorter than its head */
	    {MSG_MAX + 1, MSG_NOTE, 0, "", 0},
	    {0xffff, 0xff, 0xff, "\xff\xff\xff\xff", 4},
	    {5, 0, 0, "", 1}, /* no such type */
	    {5, MSG_RESULT + 1, 0, "", 1},
	    {6, MSG_NOTE, 0, "ab", 2}, /* no NUL */
	    {7, MSG_NOTE, 0, "a\0b", 3}, /* bytes behind the string */
	    {6, MSG_FACT, 0, "a", 2}, /* no value */
	    {12, MSG_PROGRESS, 0, "12345678", 8}, /* too short */
	    {20, MSG_PROGRESS, PHASE_LAST + 1, "1234567812345678", 16},
	    {10, MSG_RESULT, ERR_CANCELLED + 1, "\1\0\0\0a", 6},
	    {6, MSG_RESULT, ERR_LOCAL, "a", 2}, /* no id */
	    {8, MSG_JOB, 0, "\0\0\0\0", 4}, /* no strings */
	};
	struct msg got;
	char buf[64];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(buf, 'x', sizeof(buf));
		memcpy(buf, &bad[i].len, 2);
		memcpy(buf + 2, &bad[i].type, 1);
		memcpy(buf + 3, &bad[i].arg, 1);
		memcpy(buf + 4, bad[i].body, bad[i].body_len);
		if (msg_parse(&got, buf, 4 + bad[i].body_len) != -1)
			printf("# row %zu\n", i), check_failed = 1;
	}
}

static void
a_result_longer_than_an_error_is_refused(void)
{
	struct msg got;
	char buf[ERROR_MAX + 12];
	uint16_t len = ERROR_MAX + 9;

	memset(buf, 'x', sizeof(buf));
	memcpy(buf, &len, 2);
	buf[2] = MSG_RESULT;
	buf[3] = ERR_LOCAL;
	buf[len - 1] = '\0';
	CHECK(msg_parse(&got, buf, sizeof(buf)) == -1);
}

int
main(void)
{
	RUN(a_job_survives_the_way);
	RUN(descriptors_come_with_their_job);
	RUN(a_job_without_its_descriptors_is_noticed);
	RUN(progress_facts_and_notes_survive_the_way);
	RUN(a_result_keeps_its_kind_and_its_words);
	RUN(a_record_in_pieces_waits_for_the_rest);
	RUN(what_does_not_fit_is_not_sent);
	RUN(garbage_is_no_record);
	RUN(a_result_longer_than_an_error_is_refused);
	return check_done();
}
