#include "kelpie/installinfo.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "installinfo_priv.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"

/* A version has at most 255 bytes; four times that is an escape each. */
#define INFO_MAX 4096

/*
 * The format of strftime(3) for %c in the C locale, whatever locale the
 * process has.
 */
static void
write_date(struct buf *b, time_t when)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	    "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	const time_t epoch = 0;
	struct tm tm;

	if (gmtime_r(&when, &tm) == NULL)
		(void)gmtime_r(&epoch, &tm);
	buf_printf(b, "%s %s %2d %02d:%02d:%02d %d", days[tm.tm_wday],
	    months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    tm.tm_year + 1900);
}

void
installinfo_format(struct buf *b, time_t when, const char *version, bool map)
{
	buf_puts(b, "install_date: ");
	write_date(b, when);
	buf_puts(b, "\nversion: ");
	if (version == NULL && !map)
		buf_puts(b, "null");
	else
		scalar_write(b, version != NULL ? version : "");
	buf_puts(b, "\n");
}

static void
read_version(struct installed *in)
{
	static const char key[] = "version:";
	const char *line = in->info;

	while (strncmp(line, key, sizeof(key) - 1) != 0) {
		line = strchr(line, '\n');
		if (line == NULL)
			return;
		line++;
	}
	in->has_version =
	    scalar_read(&in->version, line + sizeof(key) - 1) == 0;
}

/* Returns 1 if the file is no text of a reasonable size. */
static int
read_info(int fd, struct installed *in)
{
	char data[INFO_MAX + 1];
	size_t len = 0;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_size > INFO_MAX)
		return 1;
	while (len < (size_t)st.st_size) {
		n = read(fd, data + len, (size_t)st.st_size - len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (memchr(data, '\0', len) != NULL)
		return 1;
	in->info = xstrndup(data, len);
	read_version(in);
	return 0;
}

static int
look_at_info(int metafd, struct installed *in)
{
	int fd, rc;

	/* Without O_NONBLOCK a FIFO would hold us for ever. */
	fd = openat(metafd, ".galaxy_install_info",
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return 0;
	in->found = FOUND_INSTALLED;
	/* A link, or a socket. */
	if (fd == -1)
		return errno == ELOOP || errno == EMLINK || errno == ENXIO ? 0 :
									     -1;
	rc = read_info(fd, in);
	(void)close(fd);
	return rc == -1 ? -1 : 0;
}

static bool
is_file(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

bool
has_main(int metafd)
{
	return is_file(metafd, "main.yml") || is_file(metafd, "main.yaml");
}

static int
look_inside(int dirfd, struct installed *in)
{
	int rc, metafd = below_open(dirfd, "meta");

	in->found = FOUND_FOREIGN;
	if (metafd == -1)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ?
		    0 :
		    -1;
	rc = look_at_info(metafd, in);
	if (in->found == FOUND_FOREIGN && has_main(metafd))
		in->found = FOUND_ROLE;
	(void)close(metafd);
	return rc;
}

int
installinfo_look(struct installed *in, int rolesfd, const char *name,
    struct error *err)
{
	int dirfd, rc = 0;

	*in = (struct installed){.found = FOUND_NOTHING};
	if (rolesfd == -1)
		return 0;
	dirfd = below_open(rolesfd, name);
	if (dirfd != -1) {
		rc = look_inside(dirfd, in);
		(void)close(dirfd);
	} else if (errno == ELOOP) {
		in->found = FOUND_LINK;
	} else if (errno == ENOTDIR) {
		in->found = FOUND_FOREIGN;
	} else if (errno != ENOENT) {
		rc = -1;
	}
	if (rc == 0)
		return 0;
	(void)error_errno(err, "look at the role '%s'", name);
	installed_free(in);
	return -1;
}

void
installed_free(struct installed *in)
{
	free(in->info);
	free(in->version);
	*in = (struct installed){.found = FOUND_NOTHING};
}
