#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credential_priv.h"
#include "netrc.h"
#include "path.h"
#include "secret.h"

#define NETRC_MAX ((off_t)1 << 20)

static void
read_netrc(struct credentials *c)
{
	char *home = path_home(), *path = NULL;
	struct stat st;
	ssize_t n = 0;
	int fd = -1;

	if (home != NULL)
		path = path_join(home, ".netrc", false);
	if (path != NULL)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > 0 && st.st_size <= NETRC_MAX) {
		c->netrc_size = (size_t)st.st_size + 1;
		c->netrc = secret_new(c->netrc_size);
		n = read(fd, c->netrc, c->netrc_size - 1);
		c->netrc[n > 0 ? n : 0] = '\0';
	}
	if (fd != -1)
		(void)close(fd);
	free(path);
	free(home);
	c->netrc_read = true;
}

void
place_ask_netrc(struct credentials *c, struct place *p)
{
	const char *user, *password;
	char *copy;

	if (!c->netrc_read)
		read_netrc(c);
	if (c->netrc == NULL)
		return;
	copy = secret_new(c->netrc_size);
	memcpy(copy, c->netrc, c->netrc_size);
	if (netrc_find(copy, p->target.name, p->target.user, &user, &password))
		place_set(p, FROM_NETRC, user, password);
	secret_free(copy, c->netrc_size);
}
