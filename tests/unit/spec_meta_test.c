#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kelpie/buf.h"
#include "kelpie/spec.h"

#define MAIN "meta/main.yml"
#define FILE_OF_ITS_OWN "meta/requirements.yml"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define SHA256 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
tell(struct buf *b, const struct spec *s)
{
	buf_printf(b, "%s %s %s%s", s->name, s->src,
	    s->version != NULL ? s->version : "-", s->git ? " git" : "");
	if (s->path != NULL)
		buf_printf(b, " path=%s", s->path);
	if (s->commit != NULL)
		buf_printf(b, " commit=%s", s->commit);
	if (s->checksum != NULL)
		buf_printf(b, " checksum=%s", s->checksum);
	buf_puts(b, "\n");
}

/* All that came out, a line each: specs, then "!" faults, then "?" notes. */
static char *
meta(const char *where, const char *text)
{
	struct specs s = {0};
	struct faults f = {0};
	struct buf b = {0};
	size_t i;

	buf_puts(&b, "");
	specs_meta(&s, where, text, strlen(text), &f);
	for (i = 0; i < s.n; i++)
		tell(&b, &s.v[i]);
	for (i = 0; i < f.n; i++)
		buf_printf(&b, "! %s\n", f.v[i].msg);
	for (i = 0; i < s.notes_n; i++)
		buf_printf(&b, "? %s\n", s.notes[i]);
	specs_free(&s);
	faults_free(&f);
	return b.data;
}

struct row {
	const char *where, *text, *want;
};

static void
check_rows(const struct row *row, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char *got = meta(row[i].where, row[i].text);

		CHECK_STR(got, row[i].want);
		free(got);
	}
}

#define ROWS(r) check_rows(r, sizeof(r) / sizeof((r)[0]))

static void
dependencies_are_a_list_or_nothing(void)
{
	static const struct row row[] = {
	    {MAIN, "", ""},
	    {MAIN, "# nothing\n", ""},
	    {MAIN, "null\n", ""},
	    {MAIN, "galaxy_info: {author: x}\n", ""},
	    {MAIN, "dependencies:\n", ""},
	    {MAIN, "dependencies: null\n", ""},
	    {MAIN, "dependencies: []\n", ""},
	    {MAIN, "dependencies: {}\n", ""},
	    {MAIN, "dependencies: ''\n", ""},
	    {MAIN, "dependencies: [me.one]\n", "me.one me.one -\n"},
	    {MAIN, "dependencies: me.one\n",
		"! meta/main.yml:1:15: 'dependencies' must be a list, found "
		"text\n"},
	    {MAIN, "dependencies: {role: me.one}\n",
		"! meta/main.yml:1:15: 'dependencies' must be a list, found a "
		"map\n"},
	    {MAIN, "- me.one\n",
		"! meta/main.yml:1:1: expected a map, found a list\n"},
	    {MAIN, "text\n",
		"! meta/main.yml:1:1: expected a map, found text\n"},
	    {MAIN, "a: !vault x\n",
		"! meta/main.yml:1:4: unknown tag '!vault'\n"},
	    {FILE_OF_ITS_OWN, "", ""},
	    {FILE_OF_ITS_OWN, "[]", ""},
	    {FILE_OF_ITS_OWN, "- me.one,v1,nm\n", "nm me.one v1\n"},
	    {"meta/requirements.yaml", "- me.one\n", "me.one me.one -\n"},
	    {FILE_OF_ITS_OWN, "roles: [me.one]\n",
		"! meta/requirements.yml:1:1: expected a list, found a map\n"},
	    {FILE_OF_ITS_OWN, "me.one\n",
		"! meta/requirements.yml:1:1: expected a list, found text\n"},
	};

	ROWS(row);
}

static void
dependencies_have_the_grammar_of_entries(void)
{
	static const struct row row[] = {
	    {MAIN, "dependencies: [{role: me.one, version: 1.10}]",
		"me.one me.one 1.10\n"},
	    {MAIN, "dependencies: [{role: o, src: 'git+file:///x'}]",
		"o file:///x - git\n"},
	    {MAIN, "dependencies: [{src: 'https://h/r.git', name: nm}]",
		"nm https://h/r.git - git\n"},
	    {MAIN, "dependencies: ['git+https://h/common']",
		"common https://h/common - git\n"},
	    {MAIN, "dependencies: [{src: /srv/common, scm: git}]",
		"common /srv/common - git\n"},
	    {MAIN, "dependencies: [{src: /srv/r.tar.gz}]",
		"r /srv/r.tar.gz -\n"},
	    {MAIN, "dependencies: [{src: 'https://h/r', name: nm}]",
		"nm https://h/r -\n"},
	    {MAIN, "dependencies: [{role: common, src: me.one}]",
		"common me.one -\n"},
	    {MAIN,
		"dependencies:\n- {role: me.one, vars: {a: 1}, tags: [x],\n"
		"   when: y, become: true, include: z, port: 80, port: 81}",
		"me.one me.one -\n"},
	    {MAIN, "dependencies:\n- {version: v1}\n- {}\n",
		"! meta/main.yml:2:3: a dependency needs 'role', 'src' or "
		"'name'\n"
		"! meta/main.yml:3:3: a dependency needs 'role', 'src' or "
		"'name'\n"},
	    {MAIN, "dependencies: [5]",
		"! meta/main.yml:1:16: an entry must be text or a map, found a "
		"number\n"},
	    {MAIN, "dependencies: [{role: me.one, name: ../x}]",
		"me.one me.one -\n"
		"? meta/main.yml:1:37: 'name' is ignored beside 'role'\n"},
	    {MAIN, "dependencies: [{src: me.one, name: ../../x}]",
		"! meta/main.yml:1:36: bad role name '../../x': a part begins "
		"with '-' or '.'\n"},
	    {MAIN, "dependencies: [{src: me.one, name: a/b}]",
		"! meta/main.yml:1:36: bad role name 'a/b': it has a '/'\n"},
	    {MAIN, "dependencies: [{src: 'file:///etc', name: x}]",
		"! meta/main.yml:1:22: 'file:///etc' is not taken from a role: "
		"what it depends on must not be a directory of this machine\n"},
	    {MAIN, "dependencies: ['-x']",
		"! meta/main.yml:1:16: the source begins with '-'\n"},
	    {MAIN, "dependencies: ['--upload-pack=x.y']",
		"! meta/main.yml:1:16: the source begins with '-'\n"},
	};

	ROWS(row);
}

static void
a_pup_has_a_requirements_file_at_its_root(void)
{
	static const struct row row[] = {
	    {"requirements.yml", "- me.one,v1,nm\n", "nm me.one v1\n"},
	    {"requirements.yml", "roles: [me.one]\ncollections: []\n",
		"me.one me.one -\n"},
	    {"requirements.yml", "roles:\n", ""},
	    {"requirements.yml", "collections: [a.b]\n",
		"? requirements.yml:1:14: collections that a role asks for are "
		"not fetched\n"},
	    {"requirements.yml", "roles: me.one\n",
		"! requirements.yml:1:8: 'roles' must be a list, found text\n"},
	    {"requirements.yml", "- {src: 'git+../x'}\n",
		"! requirements.yml:1:9: '../x' is a relative path, which "
		"leads nowhere from a role: a dependency needs a URL or an "
		"absolute path\n"},
	};

	ROWS(row);
}

static void
roles_that_lie_elsewhere_are_left_out(void)
{
	static const struct row row[] = {
	    {MAIN, "dependencies: [common]",
		"? meta/main.yml:1:16: 'common' is taken for a role beside the "
		"playbook: not fetched\n"},
	    {MAIN, "dependencies: [{role: common, x: 1}]",
		"? meta/main.yml:1:16: 'common' is taken for a role beside the "
		"playbook: not fetched\n"},
	    {MAIN, "dependencies: [{role: '{{ os }}-setup'}]",
		"? meta/main.yml:1:16: '{{ os }}-setup' is taken for a role "
		"beside the playbook: not fetched\n"},
	    {MAIN, "dependencies: [ns.coll.role]",
		"? meta/main.yml:1:16: 'ns.coll.role' is taken for a role of a "
		"collection: not fetched\n"},
	    {FILE_OF_ITS_OWN, "- {name: ns.coll.sub.role}",
		"? meta/requirements.yml:1:3: 'ns.coll.sub.role' is taken for "
		"a role of a collection: not fetched\n"},
	    {MAIN, "dependencies: [{src: a.b.c, scm: git}]",
		"! meta/main.yml:1:22: 'a.b.c' is a relative path, which leads "
		"nowhere from a role: a dependency needs a URL or an absolute "
		"path\n"},
	    {MAIN, "dependencies: [/srv/roles/common]",
		"? meta/main.yml:1:16: '/srv/roles/common' is taken for a "
		"directory of this machine: not fetched\n"},
	    {MAIN, "dependencies: ['../common']",
		"! meta/main.yml:1:16: '../common' is a relative path, which "
		"leads nowhere from a role: a dependency needs a URL or an "
		"absolute path\n"},
	    {MAIN, "dependencies: ['git+~/common']",
		"! meta/main.yml:1:16: '~/common' is a relative path, which "
		"leads nowhere from a role: a dependency needs a URL or an "
		"absolute path\n"},
	    {MAIN, "dependencies: [r.tar.gz]",
		"! meta/main.yml:1:16: 'r.tar.gz' is a relative path, which "
		"leads nowhere from a role: a dependency needs a URL or an "
		"absolute path\n"},
	};

	ROWS(row);
}

/* In meta/main.yml they are variables of the role. */
static void
more_keys_count_in_a_file_of_their_own(void)
{
	static const struct row row[] = {
	    {MAIN,
		"dependencies: [{role: me.one, path: /etc, type: link, "
		"commit: x, checksum: 5}]",
		"me.one me.one -\n"},
	    {FILE_OF_ITS_OWN, "- {src: 'https://h/r.git', path: roles/x}",
		"x https://h/r.git - git path=roles/x\n"},
	    {FILE_OF_ITS_OWN, "- {src: 'https://h/r.git', commit: " COMMIT "}",
		"r https://h/r.git - git commit=" COMMIT "\n"},
	    {FILE_OF_ITS_OWN,
		"- {src: 'https://h/r.zip', checksum: 'sha256:" SHA256 "'}",
		"r https://h/r.zip - checksum=" SHA256 "\n"},
	    {FILE_OF_ITS_OWN, "- {src: 'https://h/r.git', path: ../x}",
		"! meta/requirements.yml:1:34: the path has '..' in it, which "
		"no role may have\n"},
	    {FILE_OF_ITS_OWN, "- {src: /srv/r, type: link}",
		"! meta/requirements.yml:1:9: 'type: link' is not taken from a "
		"role: what it depends on must not be a directory of this "
		"machine\n"},
	    {MAIN, "dependencies: [fs+/srv/r.x]",
		"! meta/main.yml:1:16: 'fs+' is not taken from a role: what it "
		"depends on must not be a directory of this machine\n"},
	    {FILE_OF_ITS_OWN, "- include: /etc/passwd",
		"! meta/requirements.yml:1:3: a dependency needs 'role', 'src' "
		"or 'name'\n"},
	    {MAIN, "dependencies: [{src: 'hg+https://h/r'}]",
		"! meta/main.yml:1:22: scm 'hg' is not taken: only git is; "
		"export the role into an archive or a directory and name "
		"that\n"},
	};

	ROWS(row);
}

static void
dependencies_end_somewhere(void)
{
	struct buf b = {0};
	char *got;
	int i;

	for (i = 0; i < 1001; i++)
		buf_puts(&b, "- a.b\n");
	got = meta(FILE_OF_ITS_OWN, b.data);
	CHECK_STR(got,
	    "! meta/requirements.yml:1:1: 1001 dependencies, more than 1000\n");
	free(got);
	buf_free(&b);
}

#define PLACE "meta/main.yml:3:5"

static void
a_spec_survives_its_way_through_a_fact(void)
{
	static const char *const text[] = {
	    "b\thttps://u:p@h/r.git\tfeature/x\troles/b\t" COMMIT
	    "\t\tgm\t" PLACE,
	    "r\tme.one\t\t\t\t\t\t" PLACE,
	    "r\t/srv/r.tar.gz\t\t\t\t" SHA256 "\tm\t" PLACE,
	};
	struct spec s = {0};
	struct buf b = {0};
	struct error err;
	size_t i;
	char *want;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		CHECK(spec_unpack(&s, text[i], "web", &err) == 0);
		CHECK_STR(s.where, PLACE " of role 'web'");
		CHECK(s.git == (i == 0) && s.map == (i != 1));
		CHECK((s.version != NULL) == (i == 0));
		CHECK((s.checksum != NULL) == (i == 2));
		spec_pack(&b, &s);
		want = xasprintf("%s of role 'web'", text[i]);
		CHECK_STR(b.data, want);
		free(want);
		buf_clear(&b);
		spec_free(&s);
	}
	buf_free(&b);
}

/* The longest that the rules let through. */
static void
a_fact_has_room_for_every_dependency(void)
{
	struct specs s = {0};
	struct faults f = {0};
	struct buf b = {0}, packed = {0};
	char many[2049];

	memset(many, 'x', sizeof(many));
	many[2048] = '\0';
	memcpy(many, "git://h/", 8);
	buf_printf(&b, "- {src: '%s', version: %.255s, name: %.200s}", many,
	    many + 8, many + 8);
	specs_meta(&s, FILE_OF_ITS_OWN, b.data, b.len, &f);
	CHECK(s.n == 1 && f.n == 0);
	if (s.n == 1) {
		spec_pack(&packed, &s.v[0]);
		/* Room for a path and two digests as well. */
		CHECK(packed.len > 2500 && packed.len + 255 + 40 + 64 < 3500);
	}
	specs_free(&s);
	buf_free(&packed);
	buf_free(&b);
}

static void
what_was_never_packed_is_refused(void)
{
	static const char *const text[] = {"", "a", "a\tb.c\t\t\t\t\t",
	    "a\tb.c\t\t\t\t\t\t", "a\tb.c\t\t\t\t\t\tm:1:1\t",
	    "../a\tb.c\t\t\t\t\t\tm:1:1", "a/b\tb.c\t\t\t\t\t\tm:1:1",
	    "a\tfile:///etc\t\t\t\t\t\tm:1:1", "\tb.c\t\t\t\t\t\tm:1:1",
	    "a\t\t\t\t\t\t\tm:1:1", "a\t--x\t\t\t\t\t\tm:1:1",
	    "a\text::sh\t\t\t\t\t\tm:1:1", "a\t./b.tar\t\t\t\t\t\tm:1:1",
	    "a\tb\t\t\t\t\tg\tm:1:1", "a\t/etc\t\t\t\t\t\tm:1:1",
	    "a\tb.c\t-x\t\t\t\t\tm:1:1", "a\tb.c\t\t../x\t\t\t\tm:1:1",
	    "a\tb.c\t\t/x\t\t\t\tm:1:1", "a\tb.c\t\tx//y\t\t\t\tm:1:1",
	    "a\tb.c\t\tx/\t\t\t\tm:1:1", "a\tb.c\t\t\t123\t\t\tm:1:1",
	    "a\tb.c\t\t\t\tABC\t\tm:1:1", "a\tb.c\t\t\t\t\tx\tm:1:1",
	    "a\tb.c\t\t\t\t\tmg\tm:1:1", "a\t/x.tar\t\t\t\t\tl\tm:1:1",
	    "a\tb.c\t\t\t\t\t\tm\x1b:1:1"};
	struct spec s = {0};
	struct error err;
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		err.kind = ERR_NONE;
		if (spec_unpack(&s, text[i], "web", &err) == 0)
			CHECK_STR(text[i], "refused");
		CHECK(err.kind == ERR_INTEGRITY);
	}
	CHECK(spec_unpack(&s, "a\tb.c\tv1\t\t\t\tx\tm:1:1", "web", &err) == -1);
	CHECK_STR(err.msg,
	    "role 'web' has a dependency that cannot be: unknown flags");
}

int
main(void)
{
	RUN(dependencies_are_a_list_or_nothing);
	RUN(dependencies_have_the_grammar_of_entries);
	RUN(a_pup_has_a_requirements_file_at_its_root);
	RUN(roles_that_lie_elsewhere_are_left_out);
	RUN(more_keys_count_in_a_file_of_their_own);
	RUN(dependencies_end_somewhere);
	RUN(a_spec_survives_its_way_through_a_fact);
	RUN(a_fact_has_room_for_every_dependency);
	RUN(what_was_never_packed_is_refused);
	return check_done();
}
