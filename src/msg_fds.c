#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "msg_priv.h"

/* Room for the descriptors of one record, aligned as cmsg(3) wants it. */
union control {
	char buf[CMSG_SPACE(JOB_FDS * sizeof(int))];
	struct cmsghdr align;
};

static void
attach(struct msghdr *hdr, union control *control, const struct job *job)
{
	const int fd[JOB_FDS] = {job->pack, job->link, job->words};
	struct cmsghdr *c;
	int v[JOB_FDS];
	size_t n = 0;

	for (size_t i = 0; i < JOB_FDS; i++)
		if (fd[i] != -1)
			v[n++] = fd[i];
	if (n == 0)
		return;
	memset(control, 0, sizeof(*control));
	hdr->msg_control = control->buf;
	hdr->msg_controllen = CMSG_SPACE(n * sizeof(int));
	c = &control->align;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), v, n * sizeof(int));
}

ssize_t
fds_send(int fd, char *data, /* NOLINT(readability-non-const-parameter) */
    size_t len, const struct job *job)
{
	struct iovec iov = {.iov_base = data, .iov_len = len};
	struct msghdr hdr = {.msg_iov = &iov, .msg_iovlen = 1};
	union control control;
	ssize_t n;

	if (job != NULL)
		attach(&hdr, &control, job);
	do {
		n = sendmsg(fd, &hdr, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	return n;
}

/* Keep the descriptors that came, as many as a JOB can have. */
static void
collect(struct msghdr *hdr, struct msg_fds *fds)
{
	struct cmsghdr *c;
	size_t n;
	int fd;

	for (c = CMSG_FIRSTHDR(hdr); c != NULL; c = CMSG_NXTHDR(hdr, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int),
			    sizeof(int));
			if (fds->n < JOB_FDS)
				fds->v[fds->n++] = fd;
			else
				(void)close(fd);
		}
	}
}

ssize_t
msg_read(int fd, void *buf, size_t len, struct msg_fds *fds)
{
	struct iovec iov = {.iov_base = buf, .iov_len = len};
	union control control;
	struct msghdr hdr = {.msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control.buf,
	    .msg_controllen = sizeof(control.buf)};
	ssize_t n;

	do {
		n = recvmsg(fd, &hdr, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n > 0)
		collect(&hdr, fds);
	return n;
}

int
msg_take_fds(struct job *job, struct msg_fds *fds)
{
	int *const fd[JOB_FDS] = {&job->pack, &job->link, &job->words};
	size_t used = 0;
	int rc = 0;

	for (size_t i = 0; i < JOB_FDS; i++) {
		if (*fd[i] != JOB_FD_COMES)
			continue;
		*fd[i] = used < fds->n ? fds->v[used] : -1;
		rc = used++ < fds->n ? rc : -1;
	}
	fds->n = 0;
	return rc;
}

void
job_close(struct job *job)
{
	int *const fd[JOB_FDS] = {&job->pack, &job->link, &job->words};

	for (size_t i = 0; i < JOB_FDS; i++) {
		if (*fd[i] >= 0)
			(void)close(*fd[i]);
		*fd[i] = -1;
	}
}
