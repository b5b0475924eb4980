/*
 * Landlock by its bare system calls, with constants of our own: headers that
 * are older than the kernel know less than it does.  Names and values are
 * those of the kernel's landlock(7) and linux/landlock.h.
 */
#include "sandbox_priv.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include "kelpie/error.h"

#define NR_CREATE_RULESET 444
#define NR_ADD_RULE 445
#define NR_RESTRICT_SELF 446

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13, /* ABI 2 */
	FS_TRUNCATE = 1 << 14, /* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */
	FS_RESOLVE_UNIX = 1 << 16, /* ABI 9 */

	NET_BIND_TCP = 1 << 0, /* ABI 4 */
	NET_CONNECT_TCP = 1 << 1,

	SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,
};

#define FS_ABI_1 (FS_REFER - 1)
#define FS_READ (FS_READ_FILE | FS_READ_DIR)
/* No right to run programs, nor to make devices, pipes and sockets. */
#define FS_WRITE                                                    \
	(FS_READ | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | \
	    FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SYM | FS_REFER | FS_TRUNCATE)
/* What may be granted for something that is no directory. */
#define FS_OF_FILES (FS_READ_FILE)

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct path_beneath_attr {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct net_port_attr {
	uint64_t allowed, port;
};

/* The ABI that will be used, 0 for none. */
static unsigned
abi_here(void)
{
	long abi = syscall(NR_CREATE_RULESET, NULL, 0L, CREATE_RULESET_VERSION);

	if (abi <= 0)
		return 0;
	return abi < LANDLOCK_ABI_MAX ? (unsigned)abi : LANDLOCK_ABI_MAX;
}

/* All that this ABI can forbid. */
static struct ruleset_attr
all_of(unsigned abi)
{
	struct ruleset_attr all = {.fs = FS_ABI_1};

	if (abi >= 2)
		all.fs |= FS_REFER;
	if (abi >= 3)
		all.fs |= FS_TRUNCATE;
	if (abi >= 4)
		all.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (abi >= 5)
		all.fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		all.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
	if (abi >= 9)
		all.fs |= FS_RESOLVE_UNIX;
	return all;
}

/* A kernel takes no more of the struct than its ABI has. */
static size_t
size_for(unsigned abi)
{
	if (abi >= 6)
		return sizeof(struct ruleset_attr);
	if (abi >= 4)
		return offsetof(struct ruleset_attr, scoped);
	return offsetof(struct ruleset_attr, net);
}

static int
allow_path(int ruleset, int fd, uint64_t rights)
{
	struct path_beneath_attr rule = {.allowed = rights, .fd = fd};

	return (int)syscall(NR_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0L);
}

static int
allow_read(int ruleset, const char *path, bool programs)
{
	int fd = open(path, O_PATH | O_CLOEXEC), rc = 0;
	uint64_t rights = FS_READ | (programs ? FS_EXECUTE : 0);
	struct stat st;

	if (fd == -1)
		return 0;
	if (fstat(fd, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			rights &= FS_OF_FILES | FS_EXECUTE;
		rc = allow_path(ruleset, fd, rights);
	}
	(void)close(fd);
	return rc;
}

/* Programs make sure that they have descriptors 0 to 2. */
static int
allow_null(int ruleset)
{
	int fd = open("/dev/null", O_PATH | O_CLOEXEC), rc;

	if (fd == -1)
		return 0;
	rc = allow_path(ruleset, fd, FS_READ_FILE | FS_WRITE_FILE);
	(void)close(fd);
	return rc;
}

static int
allow_port(int ruleset, uint16_t port)
{
	struct net_port_attr rule = {NET_CONNECT_TCP, port};

	return (int)syscall(NR_ADD_RULE, ruleset, RULE_NET_PORT, &rule, 0L);
}

static int
add_rules(int ruleset, const struct sandbox *sb, const struct ruleset_attr *all,
    struct error *err)
{
	const char *const *path = sb->read;
	const uint16_t *port = sb->ports;

	if (sb->write_dir != -1 &&
	    allow_path(ruleset, sb->write_dir, FS_WRITE & all->fs) == -1)
		return error_errno(err, "cannot confine to the stage");
	for (; path != NULL && *path != NULL; path++)
		if (allow_read(ruleset, *path, sb->programs) == -1)
			return error_errno(err, "cannot confine to '%s'",
			    *path);
	if (sb->programs && allow_null(ruleset) == -1)
		return error_errno(err, "cannot confine to '/dev/null'");
	if (all->net == 0 || !sb->network)
		return 0;
	for (; port != NULL && *port != 0; port++)
		if (allow_port(ruleset, *port) == -1)
			return error_errno(err, "cannot confine to port %u",
			    (unsigned)*port);
	return 0;
}

/*
 * An old kernel; one that has it switched off; the filter of a container;
 * and too many confined processes around us.
 */
static bool
is_absent(void)
{
	return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ||
	    errno == E2BIG;
}

int
landlock_enter(const struct sandbox *sb, struct error *err)
{
	unsigned abi = abi_here();
	struct ruleset_attr all = all_of(abi);
	int fd, rc = (int)abi;

	if (abi == 0)
		return 0;
	fd = (int)syscall(NR_CREATE_RULESET, &all, size_for(abi), 0L);
	if (fd == -1 && is_absent())
		return 0;
	if (fd == -1)
		return error_errno(err, "cannot make a landlock ruleset");
	if (add_rules(fd, sb, &all, err) == -1)
		rc = is_absent() ? 0 : -1;
	else if (syscall(NR_RESTRICT_SELF, fd, 0L) == -1)
		rc = is_absent() ? 0 : error_errno(err, "enter landlock");
	(void)close(fd);
	return rc;
}
