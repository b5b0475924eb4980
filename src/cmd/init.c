#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "below.h"
#include "cmd/cmd.h"
#include "cmd/init.h"
#include "cmd/verb.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/rules.h"
#include "kelpie/ui.h"
#include "path.h"

static const char init_help[] =
    "usage: kelpie init [-fq] [--path path] name ...\n"
    "\n"
    "Make the skeleton of a new role: path/name with README.md, tasks, handlers,\n"
    "defaults, vars, meta and tests, and empty files and templates.\n"
    "\n"
    "  -p, --path, --init-path DIR\n"
    "                          below DIR (the current directory)\n"
    "  -f, --force             add what is missing to a directory that is there;\n"
    "                          nothing is overwritten\n"
    "  -q, --quiet             only failures\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

struct made {
	size_t files, kept;
};

/* Every directory of path, like mkdir -p. */
static int
make_path(const char *path, struct error *err)
{
	char *copy = xstrdup(path), *p = copy;
	struct stat st;
	int rc = 0;

	do {
		p = strchr(p + 1, '/');
		if (p != NULL)
			*p = '\0';
		if (mkdir(copy, 0777) == -1 && stat(copy, &st) == -1)
			rc = error_errno(err, "make the directory '%s'", copy);
		if (p != NULL)
			*p = '/';
	} while (rc == 0 && p != NULL);
	free(copy);
	return rc;
}

/* The text of a file, in which the name stands where @ is. */
static void
fill(struct buf *b, const char *text, const char *name)
{
	size_t len;

	buf_puts(b, "");
	for (;; text += len + 1) {
		len = strcspn(text, "@");
		buf_add(b, text, len);
		if (text[len] == '\0')
			return;
		buf_puts(b, name);
	}
}

static int
write_file(int dirfd, const char *leaf, const struct buf *text,
    struct made *made)
{
	int fd = openat(dirfd, leaf,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	int rc;

	if (fd == -1 && errno == EEXIST) {
		made->kept++;
		return 0;
	}
	if (fd == -1)
		return -1;
	rc = write_fully(fd, text->data, text->len);
	if (close(fd) == -1)
		rc = -1;
	made->files++;
	return rc;
}

static int
make_file(int rolefd, const struct skeleton *s, const char *name,
    struct made *made)
{
	const char *slash = strchr(s->path, '/');
	char *dir = path_dir(s->path);
	struct buf text = {0};
	int fd, rc;

	if (slash != NULL && mkdirat(rolefd, dir, 0777) == -1 &&
	    errno != EEXIST) {
		free(dir);
		return -1;
	}
	fd = below_open(rolefd, dir);
	free(dir);
	if (fd == -1)
		return -1;
	fill(&text, s->text != NULL ? s->text : "", name);
	rc = s->text == NULL ?
	    0 :
	    write_file(fd, slash != NULL ? slash + 1 : s->path, &text, made);
	buf_free(&text);
	(void)close(fd);
	return rc;
}

/* Make path, or open it if it may be there; never through a link. */
static int
open_role(const char *path, bool force, struct error *err)
{
	int fd;

	if (mkdir(path, 0777) == -1) {
		if (errno != EEXIST)
			return error_errno(err, "make the directory '%s'",
			    path);
		if (!force)
			return error_set(err, ERR_REFUSED,
			    "'%s' is there already; -f adds what is missing "
			    "in it, and overwrites nothing",
			    path);
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd != -1 ? fd : error_errno(err, "open '%s'", path);
}

static int
init(const char *dir, const char *name, bool force, struct error *err)
{
	char *path = strcmp(dir, ".") == 0 ? xstrdup(name) :
					     xasprintf("%s/%s", dir, name);
	struct made made = {0, 0};
	int fd = -1, rc = -1;
	size_t i;

	if (make_path(dir, err) == 0)
		fd = open_role(path, force, err);
	for (i = 0; fd != -1 && skeleton[i].path != NULL; i++) {
		rc = make_file(fd, &skeleton[i], name, &made);
		if (rc == 0)
			continue;
		(void)error_errno(err, "make '%s/%s'", path, skeleton[i].path);
		break;
	}
	if (fd != -1)
		(void)close(fd);
	if (rc == 0 && made.kept == 0)
		ui_info("%s: created", path);
	else if (rc == 0)
		ui_info("%s: %zu files added, %zu were there and stay", path,
		    made.files, made.kept);
	free(path);
	return rc;
}

static int
act(struct verb_args *a, struct error *err)
{
	struct error why;
	int status = 0;
	size_t i;

	for (i = 0; i < a->names_n; i++) {
		if (name_check(a->names[i], &why) == 0 &&
		    strchr(a->names[i], '/') == NULL)
			continue;
		if (strchr(a->names[i], '/') != NULL)
			(void)error_set(&why, ERR_USAGE,
			    "bad role name '%s': it has a '/'; --path says "
			    "where the role goes",
			    a->names[i]);
		ui_error(&why);
		status = 1;
	}
	if (status != 0)
		return status;
	(void)err;
	for (i = 0; i < a->names_n; i++)
		if (init(a->dir != NULL && *a->dir != '\0' ? a->dir : ".",
			a->names[i], a->force, &why) == -1) {
			ui_error(&why);
			status = 1;
		}
	return status;
}

static int
run(int argc, char **argv, struct error *err)
{
	static const struct verb verb = {.takes = "pPfq",
	    .help = init_help,
	    .act = act,
	    .one_name = "name the role to make"};

	return verb_run(&verb, argc, argv, err);
}

const struct command cmd_init = {"init", run, init_help};
