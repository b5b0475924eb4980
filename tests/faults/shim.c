/*
 * shim.c - the n-th call of a kind fails.
 *
 * Loaded with LD_PRELOAD.  The calls of all processes are counted together,
 * kind by kind, in the file $FAULT_FILE, which is mapped before the first
 * fork.  With $FAULT_KIND, $FAULT_AT and $FAULT_HOW one of them fails: FAULT_HOW
 * is an errno, or "short" for a transfer of half of what was asked for.
 * With $FAULT_FROM all that come after it fail too.
 *
 * A process that dies of it leaves word of whose code that was.
 *
 * What the C library calls within itself is not seen.  For glibc.
 */
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KINDS(X)                                                              \
	X(malloc), X(open), X(read), X(write), X(make), X(rename), X(unlink), \
	    X(sync), X(truncate), X(mmap), X(fork), X(pipe), X(close),        \
	    X(stat), X(readdir), X(limit), X(prctl), X(kill), X(signal),      \
	    X(poll), X(wait), X(lock), X(fcntl), X(times), X(net), X(syscall)
#define NUMBER(kind) K_##kind
#define NAME(kind) #kind

enum kind { KINDS(NUMBER), K_MAX };

static const char *const names[] = {KINDS(NAME)};

/* The file: a counter a kind, and what was made to fail. */
struct shared {
	uint64_t count[K_MAX];
	uint64_t fired, crashed;
	char what[512]; /* which call failed */
	char crash[512]; /* and where that ended a process */
};

enum verdict { GO, FAIL, SHORT };

static struct shared *shared;
static enum kind chosen = K_MAX;
static uint64_t at;
static int code, shortly, from_then_on;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

/* "FILE+OFFSET" of an address. */
static void
place(char *to, size_t max, const void *address)
{
	Dl_info who = {0};

	(void)dladdr(address, &who);
	(void)snprintf(to, max, "%s+0x%lx",
	    who.dli_fname != NULL ? who.dli_fname : "?",
	    (unsigned long)((uintptr_t)address - (uintptr_t)who.dli_fbase));
}

/* The first caller that is neither this file nor the C library. */
static void
on_crash(int signo)
{
	void *frame[32];
	char text[400] = "?";
	int n = backtrace(frame, 32);

	for (int i = 0; i < n; i++) {
		place(text, sizeof(text), frame[i]);
		if (strstr(text, "/shim.so+") == NULL &&
		    strstr(text, "/libc.so.") == NULL)
			break;
	}
	if (__atomic_fetch_add(&shared->crashed, 1, __ATOMIC_RELAXED) == 0)
		(void)snprintf(shared->crash, sizeof(shared->crash),
		    "signal %d in %s", signo, text);
}

static void
watch_crashes(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	static char room[65536];
	stack_t stack = {.ss_sp = room, .ss_size = sizeof(room)};
	struct sigaction sa = {.sa_handler = on_crash,
	    .sa_flags = SA_RESETHAND | SA_ONSTACK};
	void *frame[1];

	(void)sigaltstack(&stack, NULL);
	(void)backtrace(frame, 1); /* which loads what it needs */
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaction(signals[i], &sa, NULL);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *file = getenv("FAULT_FILE"), *kind = getenv("FAULT_KIND");
	const char *how = getenv("FAULT_HOW"), *number = getenv("FAULT_AT");
	void *map;
	long fd;

	if (file == NULL)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC, 0);
	if (fd == -1)
		return;
	map = (void *)syscall(SYS_mmap, NULL, sizeof(*shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
	(void)syscall(SYS_close, fd);
	if (map == MAP_FAILED)
		return;
	for (int i = 0; kind != NULL && i < K_MAX; i++)
		if (strcmp(kind, names[i]) == 0)
			chosen = (enum kind)i;
	at = number != NULL ? strtoull(number, NULL, 10) : 0;
	shortly = how != NULL && strcmp(how, "short") == 0;
	code = how != NULL && !shortly ? atoi(how) : 0;
	from_then_on = getenv("FAULT_FROM") != NULL;
	/* What is started from here on has its own faults. */
	(void)unsetenv("LD_PRELOAD");
	watch_crashes();
	shared = map;
}

/* Say which call it was, and who made it. */
static void
note(uint64_t n, const char *call, const void *caller, const char *text)
{
	char where[300];

	if (__atomic_fetch_add(&shared->fired, 1, __ATOMIC_RELAXED) != 0)
		return;
	place(where, sizeof(where), caller);
	(void)snprintf(shared->what, sizeof(shared->what), "%s %s %s #%llu",
	    call, text != NULL ? text : "", where, (unsigned long long)n);
}

static enum verdict
due(enum kind kind, const char *call, const void *caller, const char *text)
{
	int saved = errno;
	uint64_t n;

	if (shared == NULL)
		return GO;
	n = __atomic_add_fetch(&shared->count[kind], 1, __ATOMIC_RELAXED);
	if (kind != chosen || at == 0 || n < at || (n > at && !from_then_on))
		return GO;
	chosen = from_then_on ? chosen : K_MAX;
	note(n, call, caller, text);
	chosen = kind;
	errno = shortly ? saved : code;
	return shortly ? SHORT : FAIL;
}

#define CALLER __builtin_return_address(0)
#define DUE(k, text) due(K_##k, __func__, CALLER, text)
#define REAL(type, ...)                   \
	static type (*real)(__VA_ARGS__); \
	if (real == NULL)                 \
	*(void **)&real = dlsym(RTLD_NEXT, __func__)

/* A whole function: fails with value. */
#define WRAP(kind, value, text, type, name, params, args)          \
	type name params                                           \
	{                                                          \
		static type(*real) params;                         \
		if (real == NULL)                                  \
			*(void **)&real = dlsym(RTLD_NEXT, #name); \
		if (due(K_##kind, #name, CALLER, text) == FAIL)    \
			return value;                              \
		return real args;                                  \
	}

/* The same for a transfer of n bytes, which may also be a short one. */
#define MOVE(kind, name, params, args)                             \
	ssize_t name params                                        \
	{                                                          \
		static ssize_t(*real) params;                      \
		enum verdict v;                                    \
		if (real == NULL)                                  \
			*(void **)&real = dlsym(RTLD_NEXT, #name); \
		v = due(K_##kind, #name, CALLER, fd_text(fd));     \
		if (v == FAIL)                                     \
			return -1;                                 \
		if (v == SHORT && n > 1)                           \
			n /= 2;                                    \
		return real args;                                  \
	}

static const char *
fd_text(int fd)
{
	static _Thread_local char text[16];

	(void)snprintf(text, sizeof(text), "fd %d", fd);
	return text;
}

/* ---- memory ---- */

void *
malloc(size_t n)
{
	return DUE(malloc, NULL) == FAIL ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return DUE(malloc, NULL) == FAIL ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return DUE(malloc, NULL) == FAIL ? NULL : __libc_realloc(p, n);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	if (DUE(malloc, NULL) == FAIL)
		return NULL;
	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(p, n * size);
}

int
posix_memalign(void **p, size_t align, size_t n)
{
	void *got =
	    DUE(malloc, NULL) == FAIL ? NULL : __libc_memalign(align, n);

	if (got == NULL)
		return ENOMEM;
	*p = got;
	return 0;
}

WRAP(mmap, MAP_FAILED, NULL, void *, mmap,
    (void *a, size_t n, int prot, int flags, int fd, off_t off),
    (a, n, prot, flags, fd, off))
WRAP(mmap, MAP_FAILED, NULL, void *, mmap64,
    (void *a, size_t n, int prot, int flags, int fd, off64_t off),
    (a, n, prot, flags, fd, off))

/* ---- names ---- */

#define MODE(flags)                                                       \
	mode_t mode = 0;                                                  \
	if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) { \
		va_list ap;                                               \
		va_start(ap, flags);                                      \
		mode = va_arg(ap, mode_t);                                \
		va_end(ap);                                               \
	}

#define OPEN(name)                                 \
	int name(const char *path, int flags, ...) \
	{                                          \
		MODE(flags)                        \
		REAL(int, const char *, int, ...); \
		if (DUE(open, path) == FAIL)       \
			return -1;                 \
		return real(path, flags, mode);    \
	}
#define OPENAT(name)                                          \
	int name(int dirfd, const char *path, int flags, ...) \
	{                                                     \
		MODE(flags)                                   \
		REAL(int, int, const char *, int, ...);       \
		if (DUE(open, path) == FAIL)                  \
			return -1;                            \
		return real(dirfd, path, flags, mode);        \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
WRAP(open, -1, path, int, __open_2, (const char *path, int flags),
    (path, flags))
WRAP(open, -1, path, int, __open64_2, (const char *path, int flags),
    (path, flags))
WRAP(open, -1, path, int, __openat_2, (int d, const char *path, int flags),
    (d, path, flags))
WRAP(open, -1, path, int, __openat64_2, (int d, const char *path, int flags),
    (d, path, flags))
WRAP(open, NULL, path, FILE *, fopen, (const char *path, const char *mode),
    (path, mode))
WRAP(open, NULL, path, FILE *, fopen64, (const char *path, const char *mode),
    (path, mode))
WRAP(open, NULL, path, DIR *, opendir, (const char *path), (path))
WRAP(open, NULL, NULL, DIR *, fdopendir, (int fd), (fd))
WRAP(open, NULL, path, char *, realpath, (const char *path, char *to),
    (path, to))
WRAP(open, -1, path, ssize_t, readlinkat,
    (int d, const char *path, char *to, size_t n), (d, path, to, n))

WRAP(make, -1, path, int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(make, -1, path, int, mkdirat, (int d, const char *path, mode_t mode),
    (d, path, mode))
WRAP(make, -1, path, int, symlinkat, (const char *to, int d, const char *path),
    (to, d, path))
WRAP(make, -1, b, int, link, (const char *a, const char *b), (a, b))
WRAP(make, -1, q, int, linkat,
    (int d, const char *p, int e, const char *q, int f), (d, p, e, q, f))
WRAP(rename, -1, a, int, rename, (const char *a, const char *b), (a, b))
WRAP(rename, -1, a, int, renameat, (int d, const char *a, int e, const char *b),
    (d, a, e, b))
WRAP(rename, -1, a, int, renameat2,
    (int d, const char *a, int e, const char *b, unsigned f), (d, a, e, b, f))
WRAP(unlink, -1, path, int, unlink, (const char *path), (path))
WRAP(unlink, -1, path, int, unlinkat, (int d, const char *path, int f),
    (d, path, f))
WRAP(unlink, -1, path, int, rmdir, (const char *path), (path))

#define STAT(suffix)                                                   \
	WRAP(stat, -1, path, int, stat##suffix,                        \
	    (const char *path, struct stat##suffix *st), (path, st))   \
	WRAP(stat, -1, path, int, lstat##suffix,                       \
	    (const char *path, struct stat##suffix *st), (path, st))   \
	WRAP(stat, -1, NULL, int, fstat##suffix,                       \
	    (int fd, struct stat##suffix *st), (fd, st))               \
	WRAP(stat, -1, path, int, fstatat##suffix,                     \
	    (int d, const char *path, struct stat##suffix *st, int f), \
	    (d, path, st, f))
STAT()
STAT(64)
WRAP(stat, -1, path, int, access, (const char *path, int mode), (path, mode))
WRAP(stat, -1, path, int, faccessat, (int d, const char *path, int mode, int f),
    (d, path, mode, f))
WRAP(readdir, NULL, NULL, struct dirent *, readdir, (DIR * dir), (dir))
WRAP(readdir, NULL, NULL, struct dirent64 *, readdir64, (DIR * dir), (dir))
WRAP(times, -1, path, int, utimensat,
    (int d, const char *path, const struct timespec t[2], int f),
    (d, path, t, f))
WRAP(times, -1, NULL, int, futimens, (int fd, const struct timespec t[2]),
    (fd, t))
WRAP(times, -1, path, int, chmod, (const char *path, mode_t m), (path, m))
WRAP(times, -1, NULL, int, fchmod, (int fd, mode_t m), (fd, m))
WRAP(times, -1, path, int, fchmodat, (int d, const char *path, mode_t m, int f),
    (d, path, m, f))

/* ---- descriptors ---- */

/* A file gives as much as it has to who says from where: never short. */
MOVE(read, read, (int fd, void *b, size_t n), (fd, b, n))
MOVE(read, __read_chk, (int fd, void *b, size_t n, size_t max), (fd, b, n, max))
WRAP(read, -1, fd_text(fd), ssize_t, pread,
    (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
WRAP(read, -1, fd_text(fd), ssize_t, pread64,
    (int fd, void *b, size_t n, off64_t o), (fd, b, n, o))
MOVE(read, recv, (int fd, void *b, size_t n, int f), (fd, b, n, f))
MOVE(read, __recv_chk, (int fd, void *b, size_t n, size_t max, int f),
    (fd, b, n, max, f))
WRAP(read, -1, fd_text(fd), ssize_t, recvmsg, (int fd, struct msghdr *m, int f),
    (fd, m, f))
MOVE(write, write, (int fd, const void *b, size_t n), (fd, b, n))
MOVE(write, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
MOVE(write, pwrite64, (int fd, const void *b, size_t n, off64_t o),
    (fd, b, n, o))
MOVE(write, send, (int fd, const void *b, size_t n, int f), (fd, b, n, f))
WRAP(write, -1, fd_text(fd), ssize_t, sendmsg,
    (int fd, const struct msghdr *m, int f), (fd, m, f))
WRAP(write, -1, fd_text(fd), ssize_t, writev,
    (int fd, const struct iovec *v, int n), (fd, v, n))
WRAP(sync, -1, NULL, int, fsync, (int fd), (fd))
WRAP(sync, -1, NULL, int, fdatasync, (int fd), (fd))
WRAP(sync, -1, NULL, int, syncfs, (int fd), (fd))
WRAP(truncate, -1, NULL, int, ftruncate, (int fd, off_t n), (fd, n))
WRAP(truncate, -1, NULL, int, ftruncate64, (int fd, off64_t n), (fd, n))
WRAP(pipe, -1, NULL, int, pipe2, (int fd[2], int f), (fd, f))
WRAP(pipe, -1, NULL, int, socketpair, (int d, int t, int p, int fd[2]),
    (d, t, p, fd))
WRAP(net, -1, NULL, int, socket, (int d, int t, int p), (d, t, p))
WRAP(net, -1, NULL, int, connect,
    (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n))
WRAP(net, -1, NULL, int, getsockopt,
    (int fd, int l, int o, void *v, socklen_t *n), (fd, l, o, v, n))
WRAP(net, -1, NULL, int, setsockopt,
    (int fd, int l, int o, const void *v, socklen_t n), (fd, l, o, v, n))
WRAP(net, EAI_AGAIN, host, int, getaddrinfo,
    (const char *host, const char *port, const struct addrinfo *hints,
	struct addrinfo **res),
    (host, port, hints, res))
WRAP(lock, -1, NULL, int, flock, (int fd, int how), (fd, how))
WRAP(fcntl, -1, NULL, int, dup2, (int a, int b), (a, b))
WRAP(poll, -1, NULL, int, poll, (struct pollfd * p, nfds_t n, int ms),
    (p, n, ms))
WRAP(poll, -1, NULL, int, ppoll,
    (struct pollfd * p, nfds_t n, const struct timespec *t, const sigset_t *s),
    (p, n, t, s))
WRAP(poll, -1, NULL, int, __poll_chk,
    (struct pollfd * p, nfds_t n, int ms, size_t max), (p, n, ms, max))

/* Closed all the same, as close(2) says of all errors but EBADF. */
int
close(int fd)
{
	enum verdict v = DUE(close, fd_text(fd));
	int saved = errno;

	if (syscall(SYS_close, fd) == -1)
		return -1;
	errno = saved;
	return v == FAIL ? -1 : 0;
}

#define FCNTL(name)                                  \
	int name(int fd, int cmd, ...)               \
	{                                            \
		va_list ap;                          \
		long arg;                            \
		REAL(int, int, int, ...);            \
		va_start(ap, cmd);                   \
		arg = va_arg(ap, long);              \
		va_end(ap);                          \
		if (DUE(fcntl, fd_text(fd)) == FAIL) \
			return -1;                   \
		return real(fd, cmd, arg);           \
	}
FCNTL(fcntl)
FCNTL(fcntl64)

/* ---- processes ---- */

WRAP(fork, -1, NULL, pid_t, fork, (void), ())
WRAP(fork, EAGAIN, NULL, int, pthread_create,
    (pthread_t * t, const pthread_attr_t *a, void *(*fn)(void *), void *arg),
    (t, a, fn, arg))
WRAP(wait, -1, NULL, pid_t, waitpid, (pid_t p, int *s, int o), (p, s, o))
WRAP(wait, -1, NULL, pid_t, wait4, (pid_t p, int *s, int o, struct rusage *r),
    (p, s, o, r))
WRAP(wait, -1, NULL, int, waitid, (idtype_t t, id_t i, siginfo_t *s, int o),
    (t, i, s, o))
WRAP(kill, -1, NULL, int, kill, (pid_t p, int s), (p, s))
WRAP(signal, -1, NULL, int, sigaction,
    (int s, const struct sigaction *a, struct sigaction *o), (s, a, o))
WRAP(signal, SIG_ERR, NULL, __sighandler_t, signal, (int s, __sighandler_t h),
    (s, h))
WRAP(signal, -1, NULL, int, sigprocmask,
    (int h, const sigset_t *s, sigset_t *o), (h, s, o))
WRAP(limit, -1, NULL, int, setrlimit,
    (__rlimit_resource_t r, const struct rlimit *l), (r, l))
WRAP(limit, -1, NULL, int, setrlimit64,
    (__rlimit_resource_t r, const struct rlimit64 *l), (r, l))
WRAP(limit, -1, NULL, int, getrlimit, (__rlimit_resource_t r, struct rlimit *l),
    (r, l))
WRAP(limit, -1, NULL, int, getrlimit64,
    (__rlimit_resource_t r, struct rlimit64 *l), (r, l))
WRAP(prctl, -1, NULL, pid_t, setsid, (void), ())

int
prctl(int what, ...)
{
	va_list ap;
	unsigned long a, b, c, d;
	REAL(int, int, ...);

	va_start(ap, what);
	a = va_arg(ap, unsigned long);
	b = va_arg(ap, unsigned long);
	c = va_arg(ap, unsigned long);
	d = va_arg(ap, unsigned long);
	va_end(ap);
	if (DUE(prctl, NULL) == FAIL)
		return -1;
	return real(what, a, b, c, d);
}

/* Landlock and seccomp have no functions of their own. */
long
syscall(long number, ...)
{
	va_list ap;
	long a, b, c, d, e, f;
	REAL(long, long, ...);

	va_start(ap, number);
	a = va_arg(ap, long);
	b = va_arg(ap, long);
	c = va_arg(ap, long);
	d = va_arg(ap, long);
	e = va_arg(ap, long);
	f = va_arg(ap, long);
	va_end(ap);
	if (number != SYS_close && DUE(syscall, NULL) == FAIL)
		return -1;
	return real(number, a, b, c, d, e, f);
}
