#include <sys/stat.h>

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"
#include "kelpie/yaml.h"
#include "spec_load.h"

static void
a_file_is_a_list_or_a_map_with_roles(void)
{
	static const struct row row[] = {
	    {"- me.role\n", "me.role me.role -\n"},
	    {"roles:\n  - me.role\n", "me.role me.role -\n"},
	    {"\xef\xbb\xbf- me.role\n", "me.role me.role -\n"},
	    {"roles: [a, b]\ncollections: [x.y]\n", "a a -\nb b -\n"},
	    {"[]", ""},
	    {"{}", ""},
	    {"roles:\ncollections:\n", ""},
	    {"", "! r.yml:1:1: no requirements found\n"},
	    {"# a comment\n", "! r.yml:1:1: no requirements found\n"},
	    {"null\n", "! r.yml:1:1: no requirements found\n"},
	    {"me.role\n",
		"! r.yml:1:1: expected a list or a map, found text\n"},
	    {"5\n", "! r.yml:1:1: expected a list or a map, found a number\n"},
	    {"roles: me.role\n",
		"! r.yml:1:8: 'roles' must be a list, found text\n"},
	    {"roles: {a: b}\n",
		"! r.yml:1:8: 'roles' must be a list, found a map\n"},
	    {"collections: x.y\nroles: [a]\n",
		"a a -\n"
		"! r.yml:1:14: 'collections' must be a list, found text\n"},
	    {"roles: [a]\nfoo: 1\nbar: 2\n",
		"a a -\n"
		"! r.yml:2:1: expected only 'roles' and 'collections' at the "
		"top, found 'bar', 'foo'\n"},
	    {"roles: [a]\nroles: [b]\n",
		"b b -\n"
		"? r.yml:2:1: 'roles' is given more than once, the last one "
		"counts\n"},
	    {"- a\n\t- b\n",
		"! r.yml:2:1: bad YAML: found a tab character "
		"that violates indentation while scanning a "
		"plain scalar\n"},
	    {"- a\n---\n- b\n", "! r.yml:2:1: a second document\n"},
	};

	ROWS(parse, row);
}

static void
collections_are_counted(void)
{
	static const char text[] =
	    "roles: []\ncollections:\n  - a.b\n  - c.d\n";
	struct specs s = {0};
	struct faults f = {0};

	specs_parse(&s, "r.yml", text, strlen(text), &f);
	specs_parse(&s, "s.yml", text, strlen(text), &f);
	specs_parse(&s, "t.yml", "collections:", 12, &f);
	CHECK(s.collections == 4);
	CHECK_STR(s.collections_where, "r.yml:3:3");
	CHECK(f.n == 0);
	specs_free(&s);
}

static void
entries_that_are_text(void)
{
	static const struct row row[] = {
	    {"- me.role,v1.0", "me.role me.role v1.0\n"},
	    {"- me.role,v1.0,nm", "nm me.role v1.0\n"},
	    {"- ' me.role , v1.0.0 , nm '", "nm me.role v1.0.0\n"},
	    {"- me.role,", "me.role me.role - map\n"},
	    {"- me.role,,nm", "nm me.role - map\n"},
	    {"- git+https://h/u/include-x",
		"include-x https://h/u/include-x "
		"- git\n"},
	    {"- a,b,c,d",
		"! r.yml:1:3: too many commas: expected "
		"'src[,version[,name]]'\n"},
	    {"- ''", "! r.yml:1:3: the entry is empty\n"},
	    {"- '  '", "! r.yml:1:3: the entry is empty\n"},
	    {"- ',v1'", "! r.yml:1:3: no source before the ','\n"},
	    {"- me.role,v1,", "! r.yml:1:3: the role name is empty\n"},
	    {"-\n- a\n",
		"a a -\n! r.yml:1:2: an entry must be text or a map, "
		"found null\n"},
	    {"- 5",
		"! r.yml:1:3: an entry must be text or a map, found a "
		"number\n"},
	    {"- yes",
		"! r.yml:1:3: an entry must be text or a map, found "
		"true or false\n"},
	    {"- [a]",
		"! r.yml:1:3: an entry must be text or a map, found a "
		"list\n"},
	    {"- '5'", "5 5 -\n"},
	    {"- !!python/object:x.y {}",
		"! r.yml:1:3: unknown tag 'tag:yaml.org,2002:python/object:x.y'"
		"\n"},
	    {"- !role x", "! r.yml:1:3: unknown tag '!role'\n"},
	};

	ROWS(parse, row);
}

static void
entries_that_are_maps(void)
{
	static const struct row row[] = {
	    {"- src: me.role", "me.role me.role - map\n"},
	    {"- name: me.role", "me.role me.role - map\n"},
	    {"- {src: me.role, name: ' nm '}",
		"! r.yml:1:24: bad role name ' nm ': a part ends with a "
		"space or '.'\n"},
	    {"- {src: ' me.role ', name: nm, version: ' v1 '}",
		"nm me.role v1 map\n"},
	    {"- {src: me.role, version: 1.10}",
		"me.role me.role 1.10 map\n"
		"? r.yml:1:27: version '1.10' is a number to YAML: taken as it is "
		"written\n"},
	    {"- {src: me.role, version: 010}",
		"me.role me.role 010 map\n"
		"? r.yml:1:27: version '010' is a number to YAML: taken as it is "
		"written\n"},
	    {"- {src: me.role, version: true}",
		"me.role me.role true map\n"
		"? r.yml:1:27: version 'true' is true or false to YAML: taken as it is "
		"written\n"},
	    {"- {src: me.role, version: 0x10}",
		"me.role me.role 0x10 map\n"
		"? r.yml:1:27: version '0x10' is a number to YAML: taken as it "
		"is written\n"},
	    {"- {src: me.role, version: 1.0}",
		"me.role me.role 1.0 map\n"
		"? r.yml:1:27: version '1.0' is a number to YAML: taken as it "
		"is written\n"},
	    {"- {src: me.role, version: '1.0'}", "me.role me.role 1.0 map\n"},
	    {"- {src: me.role, version: ''}", "me.role me.role - map\n"},
	    {"- {src: me.role, version: null}", "me.role me.role - map\n"},
	    {"- {src: 'https://h/r', scm: git}", "r https://h/r - git map\n"},
	    {"- {src: 'https://h/r', scm: }", "r https://h/r - map\n"},
	    {"- {src: me.role, version: [a]}",
		"! r.yml:1:27: 'version' must be text, found a list\n"},
	    {"- {src: /p, scm: hg}",
		"! r.yml:1:18: scm 'hg' is not taken: only git is; export the "
		"role into an archive or a directory and name that\n"},
	    {"- src: svn+https://h/r",
		"! r.yml:1:8: scm 'svn' is not taken: only git is; export the "
		"role into an archive or a directory and name that\n"},
	    {"- src: me.role,v1\n",
		"! r.yml:1:8: a comma in 'src': a version "
		"goes under 'version:'\n"},
	    {"- version: v1", "! r.yml:1:3: an entry needs 'src' or 'name'\n"},
	    {"- {}", "! r.yml:1:3: an entry needs 'src' or 'name'\n"},
	    {"- src: null", "! r.yml:1:8: 'src' must be text, found null\n"},
	    {"- {src: a, name: null}",
		"! r.yml:1:18: 'name' must be text, found null\n"},
	    {"- {src: a, name: 5}",
		"! r.yml:1:18: 'name' must be text, found a number\n"},
	    {"- {src: a, name: [b]}",
		"! r.yml:1:18: 'name' must be text, found a list\n"},
	    {"- include: none.yml",
		"! r.yml:1:12: cannot include 'none.yml': No such file or "
		"directory\n"},
	    {"- include:",
		"! r.yml:1:11: 'include' must be text, found null\n"},
	    {"- include: ''",
		"! r.yml:1:12: 'include' needs the name of a file\n"},
	    {"- src: a\n  vars: {x: 1}\n  when: y\n",
		"a a - map\n"
		"? r.yml:2:3: unknown key 'vars' is ignored\n"
		"? r.yml:3:3: unknown key 'when' is ignored\n"},
	    {"- src: a\n  src: b\n",
		"b b - map\n"
		"? r.yml:2:3: 'src' is given more than once, the last one "
		"counts\n"},
	    {"- &d {src: a, version: v1}\n- <<: *d\n  name: b\n",
		"a a v1 map\nb a v1 map\n"},
	};

	ROWS(parse, row);
}

static void
the_old_key_role_is_taken(void)
{
	static const struct row row[] = {
	    {"- role: me.role", "me.role me.role - map\n"},
	    {"- {role: me.role, version: v1}", "me.role me.role v1 map\n"},
	    {"- role: git+https://h/u/r.git",
		"r https://h/u/r.git - git "
		"map\n"},
	    {"- {role: 'git+https://h/u/r', name: nm}",
		"nm https://h/u/r - git map\n"},
	    {"- {role: nm, src: /p, scm: git, version: v1}",
		"nm /p v1 git map\n"},
	    {"- {role: me.role, name: nm}",
		"me.role me.role - map\n"
		"? r.yml:1:25: 'name' is ignored beside 'role'\n"},
	    {"- role: a,b",
		"! r.yml:1:9: a comma in 'role': use 'src', "
		"'version' and 'name'\n"},
	    {"- role: ''", "! r.yml:1:9: the source is empty\n"},
	};

	ROWS(parse, row);
}

static void
only_letters_before_a_plus_are_an_scm(void)
{
	static const struct row row[] = {
	    {"- https://h/c++/r", "r https://h/c++/r -\n"},
	    {"- me.c++", "me.c++ me.c++ -\n"},
	    {"- hg+https://h/r",
		"! r.yml:1:3: scm 'hg' is not taken: only git is; export the "
		"role into an archive or a directory and name that\n"},
	    {"- git+ext::sh",
		"! r.yml:1:3: scheme 'ext' is not taken: https, "
		"http, ssh, git and file are\n"},
	    {"- git+https://h/x/r/", "r https://h/x/r - git\n"},
	};

	ROWS(parse, row);
}

static void
every_fault_is_told(void)
{
	static const struct row row[] = {
	    {"- src: ext::sh -c x\n"
	     "  name: ../evil\n"
	     "  version: a..b\n"
	     "  scm: svn\n"
	     "- 5\n"
	     "- ok\n"
	     "- name: ''\n",
		"ok ok -\n"
		"! r.yml:4:8: scm 'svn' is not taken: only git is; export the "
		"role into an archive or a directory and name that\n"
		"! r.yml:2:9: bad role name '../evil': a part begins with '-' "
		"or '.'\n"
		"! r.yml:3:12: bad version 'a..b': not a name that git allows "
		"for a tag or branch\n"
		"! r.yml:1:8: scheme 'ext' is not taken: https, http, ssh, git "
		"and file are\n"
		"! r.yml:5:3: an entry must be text or a map, found a number\n"
		"! r.yml:7:9: the role name is empty\n"},
	};

	ROWS(parse, row);
}

static void
hostile_values_are_refused(void)
{
	static const char *const text[] = {"- {src: a, name: ..}",
	    "- {src: a, name: /abs}", "- {src: a, name: .git}",
	    "- {src: a, name: -rf}", "- {src: a, name: a//b}",
	    "- {src: a, name: a/../b}", "- {src: a, name: a/}",
	    "- {src: a, name: \"a\\eb\"}", "- {src: a, name: \"a\\nb\"}",
	    "- {src: --upload-pack=x, name: a}", "- --upload-pack=x",
	    "- git+--upload-pack=x", "- ssh://-oProxyCommand=x/y",
	    "- git@-oX:y", "- 'https://h/a b'", "- \"https://h/a\\nb\"",
	    "- a,--orphan", "- a,..", "- 'a,@{-1}'", "- a,HEAD~x", "- a,:/x",
	    "- 'a,a^{/x}'"};
	struct faults f = {0};
	struct specs s = {0};
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		specs_parse(&s, "r.yml", text[i], strlen(text[i]), &f);
		CHECK(f.n == i + 1);
	}
	CHECK(s.n == 0);
	specs_free(&s);
	faults_free(&f);
}

static void
commit_ids_become_lower_case(void)
{
	static const struct row row[] = {
	    {"- a,0123456789ABCDEF0123456789abcdef01234567",
		"a a 0123456789abcdef0123456789abcdef01234567\n"},
	    {"- a,V1.0-ABC", "a a V1.0-ABC\n"},
	};

	ROWS(parse, row);
}

static void
names_of_several_parts_are_allowed(void)
{
	static const struct row row[] = {
	    {"- {src: a, name: x/y}\n- {src: a, name: x/z}\n",
		"x/y a - map\nx/z a - map\n"},
	    {"- {src: a, name: x/y}\n- {src: b, name: x-y}\n- c,,x\n",
		"x/y a - map\nx-y b - map\nx c - map\n"
		"! r.yml:1:3: role 'x/y' lies inside role 'x' of r.yml:3:3\n"},
	};

	ROWS(parse, row);
}

static void
the_same_role_twice(void)
{
	static const struct row row[] = {
	    {"- a\n- b\n- a\n- src: b\n", "a a -\nb b -\n"},
	    {"- a,v1\n- a,v1\n", "a a v1\n"},
	    {"- a\n- a,v2\n",
		"a a -\na a v2\n"
		"! r.yml:2:3: role 'a' is asked for twice: version 'v2' here, "
		"no version in r.yml:1:3\n"},
	    {"- a,v1\n- b\n- a,v2\n",
		"a a v1\nb b -\na a v2\n"
		"! r.yml:3:3: role 'a' is asked for twice: version 'v2' here, "
		"version 'v1' in r.yml:1:3\n"},
	    {"- b,v1\n- a,v1\n- b\n- a\n",
		"b b v1\na a v1\nb b -\na a -\n"
		"! r.yml:3:3: role 'b' is asked for twice: no version here, "
		"version 'v1' in r.yml:1:3\n"
		"! r.yml:4:3: role 'a' is asked for twice: no version here, "
		"version 'v1' in r.yml:2:3\n"},
	    {"- https://u:pw@h/a.git\n- https://h/x/a\n",
		"a https://u:pw@h/a.git - git\na https://h/x/a -\n"
		"! r.yml:2:3: role 'a' is asked for twice: from "
		"'https://h/x/a' here, from git 'https://h/a.git' in "
		"r.yml:1:3\n"},
	    {"- https://h/a\n- git+https://h/a\n",
		"a https://h/a -\na https://h/a - git\n"
		"! r.yml:2:3: role 'a' is asked for twice: from git "
		"'https://h/a' here, from 'https://h/a' in r.yml:1:3\n"},
	};

	ROWS(parse, row);
}

static void
specs_know_where_they_stand(void)
{
	static const char text[] = "roles:\n  - a\n  - src: b\n";
	struct specs s = {0};
	struct faults f = {0};

	specs_parse(&s, "dir/r.yml", text, strlen(text), &f);
	specs_add(&s, "c,v1,d", &f);
	CHECK(s.n == 3 && f.n == 0);
	CHECK_STR(s.v[0].where, "dir/r.yml:2:5");
	CHECK_STR(s.v[1].where, "dir/r.yml:3:5");
	CHECK_STR(s.v[2].where, "command line");
	CHECK_STR(s.v[2].name, "d");
	specs_free(&s);
}

static void
the_command_line_has_faults_too(void)
{
	struct specs s = {0};
	struct faults f = {0};
	char *got;

	specs_add(&s, "https://u:pw@h/,v1", &f);
	specs_add(&s, "a,b,c,d", &f);
	specs_add(&s, "", &f);
	got = told(&s, &f);
	CHECK_STR(got,
	    "! command line: 'https://h/,v1': no role name can be made of "
	    "the source: give it a name\n"
	    "! command line: 'a,b,c,d': too many commas: expected "
	    "'src[,version[,name]]'\n"
	    "! command line: '': the entry is empty\n");
	free(got);
}

static void
local_sources_become_absolute(void)
{
	static const char text[] =
	    "- x/./r1//\n- ../r2\n- ./.././r3\n- x/../r4\n- /a/./b/../r5/\n"
	    "- ~/r6\n- ~/../r7\n- {src: r8, scm: git}\n- r9\n- file:///a/r10\n"
	    "- {src: '..', name: r11}\n";

	CHECK(mkdir("sub", 0700) == 0);
	CHECK(symlink("sub", "link") == 0);
	CHECK(setenv("HOME", "/home/me", 1) == 0);
	write_file("sub/r.yml", text);
	check_load("sub/r.yml",
	    "r1 TOP/sub/x/r1 -\nr2 TOP/r2 -\n"
	    "r3 TOP/r3 -\nr4 TOP/sub/x/../r4 -\n"
	    "r5 /a/b/../r5 -\nr6 /home/me/r6 -\n"
	    "r7 /home/me/../r7 -\n"
	    "r8 TOP/sub/r8 - git map\nr9 r9 -\n"
	    "r10 file:///a/r10 -\nr11 TOP - map\n");
	/* ".." behind a link to a directory is above what it points to. */
	write_file("sub/r.yml", "- ../r\n");
	check_load("link/r.yml", "r TOP/r -\n");
	CHECK(unlink("sub/r.yml") == 0);
	CHECK(unlink("link") == 0);
	CHECK(rmdir("sub") == 0);
}

static void
the_command_line_is_relative_to_the_current_directory(void)
{
	struct specs s = {0};
	struct faults f = {0};
	char *want = xasprintf("%s/x/r", top);

	specs_add(&s, "./x/r", &f);
	CHECK(s.n == 1 && f.n == 0);
	CHECK_STR(s.v[0].src, want);
	free(want);
	specs_free(&s);
}

static void
check_one_fault(const char *path, enum error_kind kind, const char *want)
{
	struct specs s = {0};
	struct faults f = {0};

	specs_load(&s, path, &f);
	CHECK(s.n == 0 && f.n == 1);
	if (f.n == 1) {
		CHECK(f.v[0].kind == kind);
		CHECK_STR(f.v[0].msg, want);
	}
	faults_free(&f);
}

static void
files_that_cannot_be_read_are_one_fault(void)
{
	char *large = xmalloc(YAML_BYTES_MAX + 1);

	check_one_fault("none.yml", ERR_LOCAL,
	    "none.yml: No such file or directory");
	check_one_fault(".", ERR_LOCAL, ".: is a directory");
	check_one_fault("r.yml/x", ERR_LOCAL,
	    "r.yml/x: No such file or directory");
	memset(large, '#', YAML_BYTES_MAX + 1);
	write_bytes("r.yml", large, YAML_BYTES_MAX + 1);
	check_one_fault("r.yml", ERR_LOCAL, "r.yml: larger than 4194304 bytes");
	write_bytes("r.yml",
	    "\x7f"
	    "ELF\0\1\2",
	    7);
	check_one_fault("r.yml", ERR_CONFIG,
	    "r.yml:1:1: bad YAML: control characters are not allowed");
	if (geteuid() != 0) {
		CHECK(chmod("r.yml", 0) == 0);
		check_one_fault("r.yml", ERR_LOCAL, "r.yml: Permission denied");
	}
	CHECK(unlink("r.yml") == 0);
	free(large);
}

static void
faults_end_somewhere(void)
{
	struct specs s = {0};
	struct faults f = {0};
	struct buf b = {0};
	int i;

	for (i = 0; i < 2000; i++)
		buf_puts(&b, "- 5\n");
	specs_parse(&s, "r.yml", b.data, b.len, &f);
	CHECK(f.n == 1000);
	CHECK_STR(f.v[999].msg, "more faults than can be told");
	CHECK_STR(f.v[998].msg,
	    "r.yml:999:3: an entry must be text or a map, "
	    "found a number");
	faults_free(&f);
	buf_free(&b);
}

static void
ten_thousand_roles_are_fine(void)
{
	struct specs s = {0};
	struct faults f = {0};
	struct buf b = {0};
	int i;

	for (i = 0; i < 10000; i++)
		buf_printf(&b, "- {src: 'https://h/u/r%d.git', version: v%d}\n",
		    i, i);
	specs_parse(&s, "r.yml", b.data, b.len, &f);
	specs_parse(&s, "r.yml", b.data, b.len, &f);
	specs_check(&s, &f);
	CHECK(s.n == 10000 && f.n == 0);
	CHECK_STR(s.v[9999].name, "r9999");
	CHECK_STR(s.v[9999].where, "r.yml:10000:3");
	specs_free(&s);
	buf_free(&b);
}

int
main(void)
{
	if (open_work_dir() == -1)
		return 1;
	RUN(a_file_is_a_list_or_a_map_with_roles);
	RUN(collections_are_counted);
	RUN(entries_that_are_text);
	RUN(entries_that_are_maps);
	RUN(the_old_key_role_is_taken);
	RUN(only_letters_before_a_plus_are_an_scm);
	RUN(every_fault_is_told);
	RUN(hostile_values_are_refused);
	RUN(commit_ids_become_lower_case);
	RUN(names_of_several_parts_are_allowed);
	RUN(the_same_role_twice);
	RUN(specs_know_where_they_stand);
	RUN(the_command_line_has_faults_too);
	RUN(local_sources_become_absolute);
	RUN(the_command_line_is_relative_to_the_current_directory);
	RUN(files_that_cannot_be_read_are_one_fault);
	RUN(faults_end_somewhere);
	RUN(ten_thousand_roles_are_fine);
	if (close_work_dir() == -1)
		return 1;
	return check_done();
}
