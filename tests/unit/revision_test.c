/* Versions taken apart, and the commits that they lead to. */
#include "history.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HEX40 "0123456789abcdef0123456789abcdef01234567"

static void
a_version_is_a_base_and_steps(void)
{
	static const struct {
		const char *version, *base, *steps;
		unsigned depth;
		bool id, brief;
	} t[] = {
	    {"", "", "", 1, false, false},
	    {"HEAD", "HEAD", "", 1, false, false},
	    {"HEAD~1", "HEAD", "~1", 2, false, false},
	    {"v1.0~", "v1.0", "~", 2, false, false},
	    {"v1^2~3^0", "v1", "^2~3^0", 5, false, false},
	    {"main~999999999", "main", "~999999999", 0, false, false},
	    {"main~0", "main", "~0", 1, false, false},
	    {HEX40, HEX40, "", 1, true, false},
	    {HEX40 "^", HEX40, "^", 2, true, false},
	    {"0123", "0123", "", 1, false, true},
	    {"012", "012", "", 1, false, false},
	    {"ABCDEF0", "ABCDEF0", "", 1, false, true},
	    {"abcdefg", "abcdefg", "", 1, false, false},
	    {"abcd~1", "abcd", "~1", 2, false, true},
	};
	struct job job = {.commit = "", JOB_NO_FDS};
	struct revision r;

	for (size_t i = 0; i < COUNT(t); i++) {
		job.version = t[i].version;
		revision_parse(&r, &job);
		CHECK_STR(r.base, t[i].base);
		CHECK_STR(r.steps, t[i].steps);
		CHECK(r.depth == t[i].depth);
		CHECK(r.id == t[i].id && r.brief == t[i].brief);
	}
	job.version = "HEAD~1";
	job.commit = HEX40;
	revision_parse(&r, &job);
	CHECK_STR(r.base, HEX40);
	CHECK_STR(r.steps, "");
}

static void
steps_lead_to_ancestors(void)
{
	static const struct {
		int from;
		const char *steps;
		int to; /* -1: nowhere */
	} t[] = {
	    {MERGE, "", MERGE},
	    {MERGE, "~0", MERGE},
	    {MERGE, "^0", MERGE},
	    {MERGE, "~", SECOND},
	    {MERGE, "^1", SECOND},
	    {MERGE, "^2", SIDE},
	    {MERGE, "~2", ROOT},
	    {MERGE, "^2~", ROOT},
	    {MERGE, "^^", ROOT},
	    {MERGE, "^3", -1},
	    {MERGE, "~3", -1},
	    {MERGE, "~999999999", -1},
	    {ROOT, "^", -1},
	    {SECOND, "^2", -1},
	};
	struct revision r = {.base = "x"};
	char commit[OID_HEX + 1];
	struct error err;
	int rc;

	for (size_t i = 0; i < COUNT(t); i++) {
		err.kind = ERR_NONE;
		r.steps = t[i].steps;
		memcpy(commit, ids[t[i].from], sizeof(commit));
		rc = revision_walk(&r, objects, commit, ERR_INTEGRITY, &err);
		CHECK(rc == (t[i].to == -1 ? -1 : 0));
		if (t[i].to != -1)
			CHECK_STR(commit, ids[t[i].to]);
		else
			CHECK(err.kind == ERR_NOTFOUND);
	}
}

/* Two commits that begin with the same four digits. */
static void
make_twins(char a[OID_HEX + 1], char b[OID_HEX + 1])
{
	static char seen[65536][OID_HEX + 1];
	struct buf raw = {0};
	git_oid id;
	char *at;

	for (unsigned i = 0; i < 65536 * 2; i++) {
		buf_clear(&raw);
		buf_printf(&raw, "tree %s\n", ids[ROOT]);
		buf_printf(&raw, "author A <a@b> %u +0000\n", i);
		buf_printf(&raw, "committer A <a@b> %u +0000\n\nx\n", i);
		CHECK(git_odb_write(&id, objects, raw.data, raw.len,
			  GIT_OBJECT_COMMIT) == 0);
		(void)git_oid_tostr(a, OID_HEX + 1, &id);
		at = seen[id.id[0] << 8 | id.id[1]];
		if (*at != '\0')
			break;
		memcpy(at, a, OID_HEX + 1);
	}
	memcpy(b, at, OID_HEX + 1);
	buf_free(&raw);
}

static void
a_short_id_is_the_one_commit_that_begins_so(void)
{
	char a[OID_HEX + 1], b[OID_HEX + 1], got[OID_HEX + 1];
	struct revision r = {.steps = ""};
	struct error err = {0};
	git_oid id;

	make_twins(a, b);
	CHECK(strncmp(a, b, 4) == 0 && strcmp(a, b) != 0);
	memcpy(r.base, a, 4);
	CHECK(revision_expand(&r, objects, got, &err) == -1);
	CHECK(err.kind == ERR_NOTFOUND);
	CHECK(strstr(err.msg, a) != NULL && strstr(err.msg, b) != NULL);
	memcpy(r.base, a, 39);
	CHECK(revision_expand(&r, objects, got, &err) == 0);
	CHECK_STR(got, a);
	for (char *s = r.base; *s != '\0'; s++)
		if (*s >= 'a')
			*s = (char)(*s - 'a' + 'A');
	CHECK(revision_expand(&r, objects, got, &err) == 0);
	CHECK_STR(got, a);
	r.base[0] = a[0] == '0' ? '1' : '0';
	CHECK(revision_expand(&r, objects, got, &err) == -1);
	CHECK(strstr(err.msg, "no tag, branch or commit '") != NULL);
	CHECK(git_blob_create_from_buffer(&id, repo, "blob", 4) == 0);
	(void)git_oid_tostr(got, sizeof(got), &id);
	memcpy(r.base, got, 39);
	CHECK(revision_expand(&r, objects, got, &err) == -1);
	CHECK(strstr(err.msg, "is not a tag, a branch or a commit") != NULL);
}

int
main(void)
{
	if (begin_history() == -1)
		return 1;
	RUN(a_version_is_a_base_and_steps);
	RUN(steps_lead_to_ancestors);
	RUN(a_short_id_is_the_one_commit_that_begins_so);
	end_history();
	return check_done();
}
