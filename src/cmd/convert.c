#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/kennel.h"
#include "file.h"
#include "kelpie/buf.h"
#include "kelpie/error.h"
#include "kelpie/kennel.h"
#include "kelpie/ui.h"
#include "path.h"

static const struct option options[] = {
    {"output", required_argument, NULL, 'o'},
    {"force", no_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char convert_help[] =
    "usage: kelpie convert [-f] [-o file] [pupfile]\n"
    "\n"
    "Write a requirements file that asks for the roles of a pupfile: that of\n"
    "the kennel in the current directory, if none is named.\n"
    "\n"
    "  -o, --output FILE       write FILE (requirements.yml); - is standard\n"
    "                          output\n"
    "  -f, --force             replace FILE\n"
    "  -h, --help              this text\n"
    "\n"
    "kelpie(1) tells more.\n";

struct convert_args {
	const char *output;
	const char *pupfile; /* or NULL */
	bool force, help;
};

static int
take_args(struct convert_args *a, int argc, char **argv, struct error *err)
{
	int c;

	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, ":o:fh", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			a->output = optarg;
			break;
		case 'f':
			a->force = true;
			break;
		case 'h':
			a->help = true;
			break;
		default:
			return command_bad_option(c, argv, err);
		}
	}
	a->pupfile = argv[optind];
	if (argc - optind > 1)
		return error_set(err, ERR_USAGE,
		    "one pupfile at a time; see kelpie convert --help");
	return 0;
}

/* Do both files lie in the same directory, so that a path stays the same? */
static bool
are_together(const char *pupfile, const char *output)
{
	const char *path[2] = {pupfile, output};
	struct stat st[2];
	char *dir;
	int i, rc = 0;

	for (i = 0; i < 2 && rc == 0; i++) {
		dir = path_dir(path[i]);
		rc = stat(dir, &st[i]);
		free(dir);
	}
	return rc == 0 && st[0].st_dev == st[1].st_dev &&
	    st[0].st_ino == st[1].st_ino;
}

static int
write_new(const char *path, const struct buf *b, struct error *err)
{
	int rc, fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd == -1 && errno == EEXIST)
		return error_set(err, ERR_REFUSED,
		    "'%s' is there already; -f replaces it", path);
	if (fd == -1)
		return error_errno(err, "%s", path);
	rc = write_fully(fd, b->data, b->len);
	if (close(fd) == -1)
		rc = -1;
	if (rc == -1) {
		(void)error_errno(err, "%s", path);
		(void)unlink(path);
	}
	return rc;
}

static int
convert(const struct convert_args *a, const char *pupfile, struct error *err)
{
	bool to_file = strcmp(a->output, "-") != 0;
	struct pups pups = {0};
	struct faults faults = {0};
	struct buf b = {0};
	size_t i;
	int rc = -1;

	pups_load(&pups, pupfile, &faults);
	pups_convert(&b, &pups,
	    are_together(pupfile, to_file ? a->output : ""));
	specs_check(&pups.specs, &faults);
	for (i = 0; i < faults.n; i++)
		ui_error(&faults.v[i]);
	if (faults.n > 0)
		goto out;
	if (to_file)
		rc = a->force ? file_replace(a->output, &b, err) :
				write_new(a->output, &b, err);
	else if (fwrite(b.data, 1, b.len, stdout) == b.len)
		rc = 0;
	if (rc == 0 && to_file)
		ui_info("%s: %zu %s of %s", a->output, pups.specs.n,
		    pups.specs.n == 1 ? "role" : "roles", pupfile);
out:
	buf_free(&b);
	pups_free(&pups);
	faults_free(&faults);
	return rc == 0 ? 0 : 1;
}

static int
run(int argc, char **argv, struct error *err)
{
	struct convert_args a = {.output = "requirements.yml"};
	struct kennel k = {0};
	const char *file;
	int status;

	if (take_args(&a, argc, argv, err) == -1)
		return 2;
	if (a.help) {
		(void)fputs(convert_help, stdout);
		return 0;
	}
	ui_open(UI_NORMAL);
	(void)kennel_find(NULL, &file);
	if (a.pupfile == NULL && kennel_load(&k, file, err) == -1)
		status = 1;
	else
		status =
		    convert(&a, a.pupfile != NULL ? a.pupfile : k.pupfile, err);
	kennel_free(&k);
	return status;
}

const struct command cmd_convert = {"convert", run, convert_help};
