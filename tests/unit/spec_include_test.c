#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "spec_load.h"

static void
an_included_file_lies_beside_the_one_that_names_it(void)
{
	write_file("sub/r.yml", "- a.one\n- include: more.yml\n- a.two\n");
	write_file("sub/more.yml", "- b.one\n- ./x/b2\n");
	check_load("sub/r.yml",
	    "a.one a.one -\nb.one b.one -\nb2 TOP/sub/x/b2 -\n"
	    "a.two a.two -\n");
	write_file("r.yml", "- include: sub/more.yml\n");
	check_load("r.yml", "b.one b.one -\nb2 TOP/sub/x/b2 -\n");
	CHECK(unlink("sub/more.yml") == 0);
}

static void
or_in_the_current_directory(void)
{
	write_file("sub/r.yml", "- include: more.yml\n");
	write_file("more.yml", "- ./x/here\n");
	check_load("sub/r.yml", "here TOP/x/here -\n");
	write_file("sub/more.yml", "- ./x/beside\n");
	check_load("sub/r.yml", "beside TOP/sub/x/beside -\n");
	CHECK(unlink("more.yml") == 0 && unlink("sub/more.yml") == 0);
}

static void
an_absolute_name_is_one_file(void)
{
	char *text = xasprintf("- include: %s/sub/more.yml\n", top);

	write_file("sub/more.yml", "- ./x/r\n");
	write_file("r.yml", text);
	check_load("r.yml", "r TOP/sub/x/r -\n");
	CHECK(unlink("sub/more.yml") == 0);
	free(text);
}

static void
maps_include_and_are_included(void)
{
	write_file("r.yml", "roles:\n  - include: sub/more.yml\n");
	write_file("sub/more.yml",
	    "roles:\n  - {src: a.b, version: v1}\n  - include: last.yml\n"
	    "collections: [x.y]\n");
	write_file("sub/last.yml", "- c.d\n");
	check_load("r.yml", "a.b a.b v1 map\nc.d c.d -\n");
	CHECK(unlink("sub/more.yml") == 0 && unlink("sub/last.yml") == 0);
}

static void
faults_stand_in_the_file_that_has_them(void)
{
	write_file("r.yml", "- include: sub/more.yml\n- include: none.yml\n");
	write_file("sub/more.yml", "- a.b\n- 5\n- include: none.yml\n");
	check_load("r.yml",
	    "a.b a.b -\n"
	    "! sub/more.yml:2:3: an entry must be text or a map, found a "
	    "number\n"
	    "! sub/more.yml:3:12: cannot include 'sub/none.yml': No such file "
	    "or directory\n"
	    "! r.yml:2:12: cannot include 'none.yml': No such file or "
	    "directory\n");
	write_file("sub/more.yml", "");
	write_file("r.yml", "- include: sub/more.yml\n- include: sub\n");
	check_load("r.yml",
	    "! sub/more.yml:1:1: no requirements found\n"
	    "! r.yml:2:12: cannot include 'sub': is a directory\n");
	write_file("r.yml", "- {include: sub/more.yml, vars: x, name: y}\n");
	write_file("sub/more.yml", "- [\n");
	check_load("r.yml",
	    "! sub/more.yml:2:1: bad YAML: did not find expected node content "
	    "while parsing a flow node\n"
	    "? r.yml:1:27: unknown key 'vars' is ignored\n"
	    "? r.yml:1:3: what stands beside 'include' is ignored\n");
	CHECK(unlink("sub/more.yml") == 0);
}

static void
a_cycle_is_a_fault(void)
{
	write_file("r.yml", "- a.b\n- include: r.yml\n");
	check_load("r.yml",
	    "a.b a.b -\n"
	    "! r.yml:2:12: cannot include 'r.yml': it includes itself\n");
	write_file("r.yml", "- include: sub/r.yml\n");
	write_file("sub/r.yml", "- include: ../r.yml\n");
	check_load("r.yml",
	    "! sub/r.yml:1:12: cannot include 'sub/../r.yml': it includes "
	    "itself\n");
	/* Twice in a row is none. */
	write_file("sub/r.yml", "- a.b\n");
	write_file("r.yml", "- include: sub/r.yml\n- include: sub/r.yml\n");
	check_load("r.yml", "a.b a.b -\na.b a.b -\n");
}

static void
files_within_files_have_an_end(void)
{
	char name[16], text[64];
	int i;

	for (i = 0; i < 18; i++) {
		(void)snprintf(name, sizeof(name), "%d.yml", i);
		(void)snprintf(text, sizeof(text),
		    "- r.%d\n- include: %d.yml\n", i, i + 1);
		write_file(name, i < 17 ? text : "- r.17\n");
	}
	check_load("2.yml",
	    "r.2 r.2 -\nr.3 r.3 -\nr.4 r.4 -\nr.5 r.5 -\nr.6 r.6 -\n"
	    "r.7 r.7 -\nr.8 r.8 -\nr.9 r.9 -\nr.10 r.10 -\n"
	    "r.11 r.11 -\nr.12 r.12 -\nr.13 r.13 -\nr.14 r.14 -\n"
	    "r.15 r.15 -\nr.16 r.16 -\nr.17 r.17 -\n");
	check_load("0.yml",
	    "r.0 r.0 -\nr.1 r.1 -\nr.2 r.2 -\nr.3 r.3 -\nr.4 r.4 -\n"
	    "r.5 r.5 -\nr.6 r.6 -\nr.7 r.7 -\nr.8 r.8 -\nr.9 r.9 -\n"
	    "r.10 r.10 -\nr.11 r.11 -\nr.12 r.12 -\nr.13 r.13 -\n"
	    "r.14 r.14 -\nr.15 r.15 -\nr.16 r.16 -\n"
	    "! 16.yml:2:12: more than 16 files within files\n");
	/* Two of each, ten deep, would be a thousand and more. */
	for (i = 0; i < 12; i++) {
		(void)snprintf(name, sizeof(name), "%d.yml", i);
		(void)snprintf(text, sizeof(text),
		    "- include: %d.yml\n- include: %d.yml\n", i + 1, i + 1);
		write_file(name, i < 11 ? text : "[]");
	}
	check_load("0.yml", "! 10.yml:1:12: more than 1000 included files\n");
	for (i = 0; i < 18; i++) {
		(void)snprintf(name, sizeof(name), "%d.yml", i);
		CHECK(unlink(name) == 0);
	}
}

static void
a_minus_is_standard_input(void)
{
	int was = dup(STDIN_FILENO), fd;

	write_file("r.txt", "- ./x/r\n- include: sub/r.yml\n- 5\n");
	write_file("sub/r.yml", "- a.b\n");
	fd = open("r.txt", O_RDONLY | O_CLOEXEC);
	CHECK(fd != -1 && dup2(fd, STDIN_FILENO) == 0);
	check_load("-",
	    "r TOP/x/r -\na.b a.b -\n"
	    "! standard input:3:3: an entry must be text or a map, found a "
	    "number\n");
	CHECK(dup2(was, STDIN_FILENO) == 0);
	(void)close(fd);
	(void)close(was);
	CHECK(unlink("r.txt") == 0);
}

int
main(void)
{
	if (open_work_dir() == -1 || mkdir("sub", 0700) == -1)
		return 1;
	RUN(an_included_file_lies_beside_the_one_that_names_it);
	RUN(or_in_the_current_directory);
	RUN(an_absolute_name_is_one_file);
	RUN(maps_include_and_are_included);
	RUN(faults_stand_in_the_file_that_has_them);
	RUN(a_cycle_is_a_fault);
	RUN(files_within_files_have_an_end);
	RUN(a_minus_is_standard_input);
	CHECK(unlink("r.yml") == 0 && unlink("sub/r.yml") == 0);
	if (rmdir("sub") == -1 || close_work_dir() == -1)
		return 1;
	return check_done();
}
