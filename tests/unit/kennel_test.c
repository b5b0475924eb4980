#include <sys/stat.h>

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/kennel.h"
#include "kelpie/yaml.h"
#include "work_dir.h"

/* ---- kennel.cfg ---- */

/* A path for a row: that of the tests becomes "@". */
static const char *
shown(const char *path)
{
	static char out[4][ERROR_MAX];
	static int n;
	char *at = out[n++ % 4];
	size_t len = strlen(top);

	if (path == NULL)
		return "-";
	if (strncmp(path, top, len) == 0)
		(void)snprintf(at, ERROR_MAX, "@%s", path + len);
	else
		(void)snprintf(at, ERROR_MAX, "%s", path);
	return at;
}

/* What a kennel is, in a line, or what is wrong with it. */
static char *
kennel_of(const char *file)
{
	struct kennel k;
	struct error err = {0};
	char *text;

	if (kennel_load(&k, file, &err) == 0)
		text = xasprintf("%s %s %s %s", k.pupfile, shown(k.playbook),
		    shown(k.roles), shown(k.vault));
	else
		text = xasprintf("! %d %s", (int)err.kind, err.msg);
	kennel_free(&k);
	return text;
}

/* The same, of a file with this text. */
static char *
kennel_with(const char *text)
{
	write_file("kennel.cfg", text);
	return kennel_of("kennel.cfg");
}

#define USUAL "pupfile.yml @/kennel.yml @/.kennel_roles -"

static void
a_kennel_says_where_things_are(void)
{
	static const struct row row[] = {
	    {"[kennel]\n", USUAL},
	    {"", USUAL},
	    {"\xef\xbb\xbf# nothing\n", USUAL},
	    {"[other]\npupfile_path = x\n", USUAL},
	    {"[kennel]\r\npupfile_path = p.yml\r\n",
		"p.yml @/kennel.yml @/.kennel_roles -"},
	    {"[kennel]\nkennel_playbook_path: play/site.yml\n"
	     "kennel_roles_path=./a/../roles\n"
	     "vault_password_file = vault.txt\n",
		"pupfile.yml @/play/site.yml @/a/../roles @/vault.txt"},
	    {"[kennel]\nkennel_roles_path = /r\nvault_password_file =\n",
		"pupfile.yml @/kennel.yml /r -"},
	    {"[kennel]\nvault_password_file = ~/v\npupfile_path = ~/p\n",
		"/home/me/p @/kennel.yml @/.kennel_roles /home/me/v"},
	    {"[kennel]\nkennel_roles_path = 100%/%(x)s/%%\n",
		"pupfile.yml @/kennel.yml @/100%/%(x)s/%% -"},
	    {"[kennel]\nkennel_roles_path = $HOME/a b;c `d` 'e'\n",
		"pupfile.yml @/kennel.yml @/$HOME/a b;c `d` 'e' -"},
	};

	CHECK(setenv("HOME", "/home/me", 1) == 0);
	ROWS(kennel_with, row);
	CHECK(unlink("kennel.cfg") == 0);
}

static void
what_is_wrong_with_a_kennel_has_its_line(void)
{
	static const struct row row[] = {
	    {"pupfile_path = x\n",
		"! 2 kennel.cfg:1: no [section] before this line"},
	    {"[kennel]\nkennel_role_path = x\n",
		"! 2 kennel.cfg:2: [kennel] has no setting "
		"'kennel_role_path'"},
	    {"[kennel]\n\npupfile_path =\n",
		"! 2 kennel.cfg:3: 'pupfile_path' is empty"},
	    {"[kennel]\nkennel_roles_path = a\n  b\n",
		"! 2 kennel.cfg:2: 'kennel_roles_path' has a line break in "
		"it"},
	    {"[kennel]\npupfile_path = a\npupfile_path = b\n",
		"! 2 kennel.cfg:3: 'pupfile_path' is set twice"},
	};

	ROWS(kennel_with, row);
	CHECK(unlink("kennel.cfg") == 0);
}

static void
a_kennel_lies_where_its_file_does(void)
{
	char *got = kennel_of(NULL), *want, *cfg;

	CHECK_STR(got, USUAL);
	free(got);
	CHECK(mkdir("100%", 0755) == 0 && symlink("100%", "link") == 0);
	write_file("100%/my.cfg", "[kennel]\nvault_password_file = v\n");
	got = kennel_of("link/my.cfg");
	CHECK_STR(got,
	    "link/pupfile.yml @/100%/kennel.yml @/100%/.kennel_roles "
	    "@/100%/v");
	free(got);
	cfg = xasprintf("%s/100%%/my.cfg", top);
	want = xasprintf("%s/100%%/pupfile.yml @/100%%/kennel.yml "
			 "@/100%%/.kennel_roles @/100%%/v",
	    top);
	got = kennel_of(cfg);
	CHECK_STR(got, want);
	free(got);
	free(want);
	free(cfg);
	CHECK(unlink("100%/my.cfg") == 0);
	got = kennel_of("100%/my.cfg");
	CHECK_STR(got, "! 7 100%/my.cfg: No such file or directory");
	free(got);
	got = kennel_of("100%");
	CHECK_STR(got, "! 7 100%: read: Is a directory");
	free(got);
	CHECK(rmdir("100%") == 0 && unlink("link") == 0);
}

/* ---- the pupfile ---- */

/* All that came out, a line each: specs, then "!" faults, then "?" notes. */
static char *
pups_of(const char *text)
{
	struct pups p = {0};
	struct faults f = {0};
	struct buf b = {0};
	size_t i;

	pups_parse(&p, "p.yml", text, strlen(text), &f);
	CHECK(p.n == p.specs.n);
	buf_puts(&b, "");
	for (i = 0; i < p.specs.n; i++) {
		const struct spec *s = &p.specs.v[i];

		buf_printf(&b, "%s %s %s%s%s (%s)\n", s->name, shown(s->src),
		    s->version != NULL ? s->version : "-", s->git ? " git" : "",
		    s->dir ? " dir" : "", p.given[i]);
		CHECK(s->map && strncmp(s->where, "p.yml:", 6) == 0);
	}
	for (i = 0; i < f.n; i++) {
		CHECK(f.v[i].kind == ERR_CONFIG);
		buf_printf(&b, "! %s\n", f.v[i].msg);
	}
	for (i = 0; i < p.specs.notes_n; i++)
		buf_printf(&b, "? %s\n", p.specs.notes[i]);
	pups_free(&p);
	faults_free(&f);
	return b.data;
}

static void
pups_come_from_three_kinds_of_places(void)
{
	static const struct row row[] = {
	    {"- { name: me.base, location: fs+pups/base }\n"
	     "- name: git\n  location: git+https://h/u/r.git\n"
	     "- name: nm\n  location: galaxy+me.role\n",
		"me.base @/pups/base - dir (pups/base)\n"
		"git https://h/u/r.git - git (https://h/u/r.git)\n"
		"nm me.role - (me.role)\n"},
	    {"[]", ""},
	    {"- {name: a, location: fs+/x/./y/}", "a /x/y - dir (/x/./y/)\n"},
	    {"- {name: a, location: fs+~/y}", "a /home/me/y - dir (~/y)\n"},
	    {"- {name: a, location: fs+.}", "a @ - dir (.)\n"},
	    {"- {name: a, location: fs+a+b%20c}",
		"a @/a+b%20c - dir (a+b%20c)\n"},
	    {"- {name: a, location: 'git+x/../r'}",
		"a @/x/../r - git (x/../r)\n"},
	    {"- {name: a, location: git+/r.git}", "a /r.git - git (/r.git)\n"},
	    {"- {name: a, location: git+git+ssh://git@h/c++/r}",
		"a ssh://git@h/c++/r - git (ssh://git@h/c++/r)\n"},
	    {"- {name: a, location: 'git+git@h:r.git'}",
		"a git@h:r.git - git (git@h:r.git)\n"},
	    {"- {name: a, location: git+https://h/r/}",
		"a https://h/r - git (https://h/r)\n"},
	};

	ROWS(pups_of, row);
}

static void
a_version_goes_behind_a_comma(void)
{
	static const struct row row[] = {
	    {"- {name: a, location: 'git+https://h/r,v1.0'}",
		"a https://h/r v1.0 git (https://h/r)\n"},
	    {"- {name: a, location: 'git+https://h/r,'}",
		"a https://h/r - git (https://h/r)\n"},
	    {"- {name: a, location: 'galaxy+me.role,1.0'}",
		"a me.role 1.0 (me.role)\n"},
	    {"- {name: a, location: 'git+/r,"
	     "0123456789ABCDEF0123456789abcdef01234567'}",
		"a /r 0123456789abcdef0123456789abcdef01234567 git (/r)\n"},
	    {"- {name: a, location: 'git+https://h/r,-x'}",
		"! p.yml:1:23: bad version '-x': not a name that git allows "
		"for a tag or branch\n"},
	    {"- {name: a, location: 'git+https://h/r,v1,nm'}",
		"! p.yml:1:23: too many commas: expected one before the "
		"version\n"},
	    {"- {name: a, location: 'fs+x,v1'}",
		"! p.yml:1:23: a comma: a directory has no version\n"},
	};

	ROWS(pups_of, row);
}

static void
every_fault_of_a_pupfile_is_told(void)
{
	static const struct row row[] = {
	    {"", "! p.yml:1:1: no pups found\n"},
	    {"# a comment\n", "! p.yml:1:1: no pups found\n"},
	    {"null", "! p.yml:1:1: no pups found\n"},
	    {"{name: a, location: fs+x}",
		"! p.yml:1:1: expected a list of pups, found a map\n"},
	    {"x", "! p.yml:1:1: expected a list of pups, found text\n"},
	    {"- x\n- 5\n- [a]\n-\n",
		"! p.yml:1:3: a pup is a map with 'name' and 'location', "
		"found text\n"
		"! p.yml:2:3: a pup is a map with 'name' and 'location', "
		"found a number\n"
		"! p.yml:3:3: a pup is a map with 'name' and 'location', "
		"found a list\n"
		"! p.yml:4:2: a pup is a map with 'name' and 'location', "
		"found null\n"},
	    {"- name: a\n- location: fs+x\n- {}\n",
		"! p.yml:1:3: a pup needs 'name' and 'location'\n"
		"! p.yml:2:3: a pup needs 'name' and 'location'\n"
		"! p.yml:3:3: a pup needs 'name' and 'location'\n"},
	    {"- name: 5\n  location: [x]\n",
		"! p.yml:1:9: 'name' must be text, found a number\n"
		"! p.yml:2:13: 'location' must be text, found a list\n"},
	    {"- {name: a, location: x}\n- {name: b, location: hg+x}\n"
	     "- {name: c, location: +x}\n- {name: d, location: git+}\n",
		"! p.yml:1:23: location 'x' has no type: expected 'fs+PATH', "
		"'git+URL' or 'galaxy+OWNER.ROLE'\n"
		"! p.yml:2:23: type 'hg' is not taken: only fs, git and "
		"galaxy are\n"
		"! p.yml:3:23: type '' is not taken: only fs, git and galaxy "
		"are\n"
		"! p.yml:4:23: nothing behind 'git+'\n"},
	    {"- {name: a, location: galaxy+https://h/x.tar.gz}\n"
	     "- {name: b, location: galaxy+role}\n",
		"! p.yml:1:23: 'https://h/x.tar.gz' is no name of Galaxy's: "
		"expected 'owner.role'\n"
		"! p.yml:2:23: 'role' is no name of Galaxy's: expected "
		"'owner.role'\n"},
	    {"- {name: a, location: fs+x, version: v1}\n"
	     "- {name: b, name: c, location: fs+x}\n",
		"a @/x - dir (x)\nc @/x - dir (x)\n"
		"? p.yml:1:29: 'version' is no key of a pup and is ignored\n"
		"? p.yml:2:13: 'name' is given more than once, the last one "
		"counts\n"},
	    {"- a: [\n",
		"! p.yml:2:1: bad YAML: did not find expected node "
		"content while parsing a flow node\n"},
	};

	ROWS(pups_of, row);
}

/* Only that each is refused, once, and where. */
static void
hostile_pups_are_refused(void)
{
	static const char *const text[] = {
	    "- {name: '../esc', location: fs+x}",
	    "- {name: '/abs', location: fs+x}",
	    "- {name: '-rf', location: fs+x}",
	    "- {name: '', location: fs+x}",
	    "- {name: \"a\\nb\", location: fs+x}",
	    "- {name: \"a\\e[2J\", location: fs+x}",
	    "- {name: a, location: 'git+--upload-pack=x'}",
	    "- {name: a, location: 'git+ext::sh -c x'}",
	    "- {name: a, location: \"git+https://h/\\x07\"}",
	    "- {name: a, location: \"fs+x\\ny\"}",
	    "- {name: a, location: 'galaxy+-x.y'}",
	    "- {name: a, location: 'git+javascript://h/x'}",
	};
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		struct pups p = {0};
		struct faults f = {0};

		pups_parse(&p, "p.yml", text[i], strlen(text[i]), &f);
		CHECK(p.n == 0 && f.n == 1);
		CHECK(f.n == 0 || strncmp(f.v[0].msg, "p.yml:1:", 8) == 0);
		pups_free(&p);
		faults_free(&f);
	}
}

/* Bytes that a shell would heed are bytes of a name here. */
static void
no_shell_is_meant(void)
{
	static const struct row row[] = {
	    {"- {name: 'z; touch x', location: 'git+/r;$(id)'}",
		"z; touch x /r;$(id) - git (/r;$(id))\n"},
	    {"- {name: '$(id)', location: 'fs+`id`'}",
		"$(id) @/`id` - dir (`id`)\n"},
	};

	ROWS(pups_of, row);
}

static void
pupfiles_that_cannot_be_read_are_one_fault(void)
{
	struct pups p = {0};
	struct faults f = {0};

	pups_load(&p, "none.yml", &f);
	pups_load(&p, ".", &f);
	CHECK(f.n == 2 && p.n == 0);
	if (f.n == 2) {
		CHECK_STR(f.v[0].msg, "none.yml: No such file or directory");
		CHECK_STR(f.v[1].msg, ".: read: Is a directory");
	}
	pups_free(&p);
	faults_free(&f);
}

/* ---- as a requirements file ---- */

static char *
converted(const char *text, bool as_written)
{
	struct pups p = {0};
	struct faults f = {0};
	struct buf b = {0};

	pups_parse(&p, "p.yml", text, strlen(text), &f);
	CHECK(f.n == 0);
	pups_convert(&b, &p, as_written);
	pups_free(&p);
	faults_free(&f);
	return b.data;
}

static void
pups_become_requirements_in_their_order(void)
{
	static const char pups[] =
	    "- {name: z, location: fs+../base}\n"
	    "- {name: a.b, location: 'git+https://h/r,1.10'}\n"
	    "- {name: 'on', location: 'galaxy+me.role,v1'}\n";
	char *got = converted(pups, true);

	CHECK_STR(got,
	    "---\n"
	    "roles:\n"
	    "  - name: z\n"
	    "    src: fs+../base\n"
	    "  - name: a.b\n"
	    "    src: https://h/r\n"
	    "    scm: git\n"
	    "    version: \"1.10\"\n"
	    "  - name: \"on\"\n"
	    "    src: me.role\n"
	    "    version: v1\n");
	free(got);
	got = converted("[]", true);
	CHECK_STR(got, "---\nroles: []\n");
	free(got);
	got = converted("- {name: z, location: fs+~/x}\n", false);
	CHECK_STR(got, "---\nroles:\n  - name: z\n    src: fs+/home/me/x\n");
	free(got);
}

static void
what_is_written_is_read_back(void)
{
	static const char *const text[] = {"", " ", "~", "null", "a", "1.0",
	    "0x1f", "1:30", "2020-01-31", "yes", "No", "<<", "=", "-", "- a",
	    "-a", "--- a", "...", "a:", "a: b", "a #b", "#a", "&a", "*a", "!a",
	    "|", ">", "'", "\"", "a\"b\\c", "{}", "[", "%a", "@a", "`a",
	    "$(id)", "a;b", "a,b", "\x01\t\x7f\x1b[0m", "caf\xc3\xa9",
	    "\xc2\x85x", "\xc2\x9b", "\xe2\x80\xa8", "\xe2\x80\xa9",
	    "\xef\xbb\xbfx", "\xef\xbf\xbe", "\xf0\x9f\x90\xb6", "?", "? a",
	    "https://h:22/a/b.git", "git@h:r", "fs+/a/b", "/a", "a@b+c~d", ".5",
	    ".inf", "+1", "1e+3", "089", "1_000"};
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		struct buf b = {0};
		struct yaml *map = NULL;
		struct error err = {0};

		buf_puts(&b, "k: ");
		yaml_write(&b, text[i]);
		buf_puts(&b, "\n");
		CHECK(yaml_parse(&map, b.data, b.len, &err) == 0);
		CHECK_STR(err.msg, "");
		if (map != NULL && map->kind == YAML_MAP && map->n == 1) {
			CHECK(yaml_is_text(map->item[1]));
			CHECK_STR(map->item[1]->text, text[i]);
		} else {
			CHECK_STR(b.data, "a map");
		}
		yaml_free(map);
		buf_free(&b);
	}
}

/* ---- words ---- */

/* Each in brackets, or what is wrong. */
static char *
words_of(const char *text)
{
	struct buf b = {0};
	struct error err = {0};
	char **words;

	buf_puts(&b, "");
	if (words_split(&words, text, &err) == -1)
		buf_printf(&b, "! %s", err.msg);
	else
		for (size_t i = 0; words[i] != NULL; i++)
			buf_printf(&b, "[%s]", words[i]);
	words_free(words);
	return b.data;
}

static void
words_are_split_as_a_shell_does(void)
{
	static const struct row row[] = {
	    {"", ""},
	    {" \t\n ", ""},
	    {"--check -v", "[--check][-v]"},
	    {"  a   b\tc\n", "[a][b][c]"},
	    {"'a b' \"c d\"", "[a b][c d]"},
	    {"a'b c'd\"e f\"g", "[ab cde fg]"},
	    {"'' \"\"", "[][]"},
	    {"-e 'x=\"1 2\"'", "[-e][x=\"1 2\"]"},
	    {"a\\ b \\'c \\\\", "[a b]['c][\\]"},
	    {"'a\\b' \"a\\b\\\"\\$\\`\\\\\"", "[a\\b][a\\b\"$`\\]"},
	    {"a\\\nb \\\n c", "[ab][c]"},
	    {"\"a\\\nb\"", "[ab]"},
	    {"$HOME `id` $(id) ~ * a;b|c&d #e >f",
		"[$HOME][`id`][$(id)][~][*][a;b|c&d][#e][>f]"},
	    {"a\\", "[a\\]"},
	    {"'a", "! a quote in ''a' is not closed"},
	    {"a \"b\\\"", "! a quote in 'a \"b\\\"' is not closed"},
	};

	ROWS(words_of, row);
}

int
main(void)
{
	if (open_work_dir() == -1)
		return 1;
	RUN(a_kennel_says_where_things_are);
	RUN(what_is_wrong_with_a_kennel_has_its_line);
	RUN(a_kennel_lies_where_its_file_does);
	RUN(pups_come_from_three_kinds_of_places);
	RUN(a_version_goes_behind_a_comma);
	RUN(every_fault_of_a_pupfile_is_told);
	RUN(hostile_pups_are_refused);
	RUN(no_shell_is_meant);
	RUN(pupfiles_that_cannot_be_read_are_one_fault);
	RUN(pups_become_requirements_in_their_order);
	RUN(what_is_written_is_read_back);
	RUN(words_are_split_as_a_shell_does);
	if (close_work_dir() == -1)
		return 1;
	return check_done();
}
