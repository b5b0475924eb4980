/*
 * What is asked of a server and in which order: git.c and git_wire.c with a
 * carrier that answers from memory.
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>

#include "history.h"
#include "kelpie/git/pack.h"

/* ---- packs ---- */

static int
collect(void *data, size_t len, void *ctx)
{
	buf_add(ctx, data, len);
	return 0;
}

/* The pack of these commits, up to -1. */
static void
make_pack(struct buf *out, const int *which)
{
	git_packbuilder *builder = NULL;
	git_oid id;

	buf_clear(out);
	CHECK(git_packbuilder_new(&builder, repo) == 0);
	for (; *which >= 0; which++) {
		CHECK(oid_parse(&id, ids[*which]) == 0);
		CHECK(git_packbuilder_insert_commit(builder, &id) == 0);
	}
	CHECK(git_packbuilder_foreach(builder, collect, out) == 0);
	git_packbuilder_free(builder);
}

/* ---- a server ---- */

enum answer_kind { NOTHING, FOREIGN, REFS, TIPS, PACK, CUT };

static struct server {
	bool bold, v2;
	const char *greeting_caps; /* of the old versions */
	enum answer_kind answers[4]; /* to ask(), one after the other */
	size_t asked;
	int pack[COMMITS + 1];
	struct buf log; /* "greet ", "refs ", "fetch ", "fetch0 " */
	struct buf last; /* the last request */
} server;

static void
put_refs(struct buf *b)
{
	pkt_put(b, "%s HEAD", ids[MERGE]);
	pkt_put(b, "%s refs/heads/main", ids[MERGE]);
	pkt_put(b, "%s refs/tags/v2 peeled:%s", tag_id, ids[SECOND]);
	pkt_flush(b);
}

static void
put_old_refs(struct buf *b)
{
	const char *caps = server.greeting_caps;

	buf_printf(b, "%04x%s HEAD", (unsigned)(51 + strlen(caps)), ids[MERGE]);
	buf_add(b, "", 1);
	buf_printf(b, "%s\n", caps);
	pkt_put(b, "%s refs/heads/main", ids[MERGE]);
	pkt_put(b, "%s refs/tags/v2", tag_id);
	pkt_put(b, "%s refs/tags/v2^{}", ids[SECOND]);
	pkt_flush(b);
}

static void
put_pack(struct buf *b, bool old, bool cut)
{
	struct buf pack = {0};

	make_pack(&pack, server.pack);
	if (old && strstr((char *)server.last.data, "deepen") != NULL)
		pkt_flush(b);
	pkt_put(b, old ? "NAK" : "packfile");
	pack.len -= cut ? 30 : 0;
	buf_printf(b, "%04x\001", (unsigned)pack.len + 5);
	buf_add(b, pack.data, pack.len);
	pkt_flush(b);
	buf_free(&pack);
}

static int
hand_over(const struct buf *b, const struct reader *reader, struct error *err)
{
	if (b->len == 0)
		return 0;
	return reader->feed(reader->ctx, b->data, b->len, err);
}

static int
fake_greet(struct fetcher *f, const struct reader *reader, struct error *err)
{
	struct buf b = {0};
	int rc;

	(void)f;
	buf_puts(&server.log, "greet ");
	if (server.v2) {
		pkt_put(&b, "version 2");
		pkt_flush(&b);
	} else
		put_old_refs(&b);
	rc = hand_over(&b, reader, err);
	CHECK(rc == -1 || *reader->ended);
	buf_free(&b);
	return rc;
}

static int
fake_ask(struct fetcher *f, const struct buf *request,
    const struct reader *reader, struct error *err)
{
	enum answer_kind kind = server.answers[server.asked++];
	bool refs = strstr(request->data, "command=ls-refs") != NULL;
	struct buf b = {0};
	int rc;

	buf_puts(&server.log,
	    refs                 ? "refs " :
		f->protocol == 2 ? "fetch " :
				   "fetch0 ");
	CHECK((f->protocol == 2) ==
	    (strncmp(request->data + 4, "command=", 8) == 0));
	buf_clear(&server.last);
	buf_add(&server.last, request->data, request->len);
	if (kind == FOREIGN) {
		(void)error_set(err, ERR_NOTFOUND, "status 400");
		return 1;
	}
	if (kind == REFS)
		put_refs(&b);
	else if (kind == TIPS && strstr(request->data, "refs/heads/\n") == NULL)
		pkt_flush(&b), server.asked--;
	else if (kind == TIPS)
		put_refs(&b);
	else if (kind == PACK || kind == CUT)
		put_pack(&b, f->protocol != 2, kind == CUT);
	rc = hand_over(&b, reader, err);
	buf_free(&b);
	return rc;
}

/* ---- a job ---- */

static struct fetcher self;
static struct worker worker;
static struct buf facts; /* "key=value " */
static int parent;
static char role[220], pack_dir[220];

static void
read_facts(void)
{
	struct buf in = {0};
	char piece[4096];
	struct msg m;
	ssize_t n;
	int used;

	buf_clear(&facts);
	buf_puts(&facts, "");
	while ((n = recv(parent, piece, sizeof(piece), MSG_DONTWAIT)) > 0)
		buf_add(&in, piece, (size_t)n);
	for (size_t at = 0; at < in.len; at += (size_t)used) {
		used = msg_parse(&m, in.data + at, in.len - at);
		if (used <= 0)
			break;
		if (m.type == MSG_FACT)
			buf_printf(&facts, "%s=%s ", m.key, m.text);
	}
	buf_free(&in);
}

static void
remove_all(const char *dir)
{
	char *command = xasprintf("rm -rf '%s'/*", dir);

	CHECK(system(command) == 0); /* NOLINT(cert-env33-c) */
	free(command);
}

static size_t
files_in(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n - 2;
}

static const struct carrier bold = {.greet = fake_greet,
    .ask = fake_ask,
    .bold = true};
static const struct carrier shy = {.greet = fake_greet, .ask = fake_ask};

/* One job of the worker at hand. */
static int
fetch(const struct job *job, struct error *err)
{
	int rc;

	err->kind = ERR_NONE;
	remove_all(role);
	remove_all(pack_dir);
	server.asked = 0;
	buf_clear(&server.log);
	buf_puts(&server.log, "");
	self.job = job;
	self.carrier = server.bold ? &bold : &shy;
	self.kept = false;
	self.role = open(role, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = git_fetch(&self, err);
	(void)close(self.role);
	read_facts();
	CHECK(self.kept || files_in(pack_dir) == 0);
	return rc;
}

static void
new_worker(void)
{
	const struct limits limits = LIMITS_DEFAULT;

	self = (struct fetcher){.worker = &worker,
	    .pack = pack_dir,
	    .protocol = 2,
	    .socket = -1};
	self.opts.limits = limits;
}

/* What lies in the role is the text of the commit. */
static void
check_role(const char *text)
{
	char *path = xasprintf("%s/file", role);
	FILE *f = fopen(path, "re");
	struct buf b = {0};
	struct error err;

	CHECK(f != NULL);
	if (f != NULL) {
		CHECK(buf_read(&b, fileno(f), 100, &err) == 0);
		CHECK_STR(b.data, text);
		(void)fclose(f);
	}
	buf_free(&b);
	free(path);
}

#define JOB(wanted)                                                       \
	{                                                                 \
		.url = "", .version = (wanted), .commit = "", .have = "", \
		.user = "", .password = "", JOB_NO_FDS                    \
	}

static void
serve(bool is_bold, bool v2, const char *caps, int commit)
{
	struct buf log = server.log, last = server.last;

	server = (struct server){.bold = is_bold,
	    .v2 = v2,
	    .greeting_caps = caps,
	    .log = log,
	    .last = last,
	    .pack = {commit, -1}};
	new_worker();
}

#define ANSWER(...)                                                \
	memcpy(server.answers, (enum answer_kind[4]){__VA_ARGS__}, \
	    sizeof(server.answers))

static void
a_tag_is_two_requests_and_a_commit_is_one(void)
{
	struct job job = JOB("");
	struct error err;
	char *want;

	serve(true, true, "", SECOND);
	job.version = "v2";
	ANSWER(REFS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs fetch ");
	CHECK(strstr(server.last.data, "deepen 1\n") != NULL);
	want = xasprintf("ref=refs/tags/v2 commit=%s tag=%s ", ids[SECOND],
	    tag_id);
	CHECK_STR(facts.data, want);
	check_role("second");
	free(want);

	job.version = "";
	job.commit = ids[SECOND];
	ANSWER(PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "fetch ");
	check_role("second");
}

static void
what_is_not_version_2_is_asked_for_a_greeting(void)
{
	struct job job = JOB("v2");
	struct error err;

	/* It was only the address, or another accident. */
	serve(true, true, "", SECOND);
	ANSWER(FOREIGN, REFS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs greet refs fetch ");
	/* An empty answer of a server that knows no better. */
	serve(true, false, "side-band-64k shallow", SECOND);
	ANSWER(NOTHING, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs greet fetch0 ");
	CHECK(strstr(server.last.data, tag_id) != NULL);
	CHECK(strstr(server.last.data, "deepen 1\n") != NULL);
	check_role("second");
	/* The next job knows. */
	CHECK(self.protocol == 0 && self.known);
	ANSWER(PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "greet fetch0 ");
	/* A commit is asked for in the old way, as the tag that leads to it. */
	new_worker();
	job.version = ids[SECOND];
	ANSWER(NOTHING, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "fetch greet fetch0 ");
	CHECK(strstr(server.last.data, tag_id) != NULL);
	CHECK(strstr(facts.data, "ref=") == NULL);
	/* Once greeted there is nothing more to try. */
	serve(true, true, "", SECOND);
	ANSWER(FOREIGN, FOREIGN);
	CHECK(fetch(&job, &err) == -1);
	CHECK_STR(server.log.data, "fetch greet fetch ");
	CHECK_STR(err.msg, "status 400");
}

static void
a_shy_carrier_waits_for_the_first_greeting(void)
{
	struct job job = JOB("v2");
	struct error err;

	serve(false, true, "", SECOND);
	ANSWER(REFS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "greet refs fetch ");
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs fetch ");
}

static void
history_is_fetched_as_far_as_it_is_needed(void)
{
	struct job job = JOB("main^2~1");
	struct error err;

	job.keep = true;
	serve(true, true, "", MERGE);
	memcpy(server.pack, (int[]){MERGE, SECOND, SIDE, ROOT, -1},
	    sizeof(server.pack));
	ANSWER(REFS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(server.last.data, "deepen 3\n") != NULL);
	check_role("root");
	CHECK(strstr(facts.data, "ref=refs/heads/main ") != NULL);
	CHECK(strstr(facts.data, ids[ROOT]) != NULL);
	CHECK(strstr(facts.data, "kept") == NULL);
	job.version = "main~9";
	CHECK(fetch(&job, &err) == -1);
	CHECK(err.kind == ERR_NOTFOUND && strstr(err.msg, "no parent") != NULL);
}

static void
a_short_id_takes_all_branches_and_tags(void)
{
	char brief[9];
	struct job job = JOB("");
	struct error err;

	(void)snprintf(brief, sizeof(brief), "%.8s", ids[SIDE]);
	job.version = brief;
	serve(true, true, "", MERGE);
	memcpy(server.pack, (int[]){MERGE, SECOND, SIDE, ROOT, -1},
	    sizeof(server.pack));
	ANSWER(TIPS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs refs fetch ");
	CHECK(strstr(server.last.data, "deepen") == NULL);
	CHECK(strstr(server.last.data, tag_id) != NULL);
	CHECK(strstr(server.last.data, ids[MERGE]) != NULL);
	check_role("side");
	serve(true, false, "side-band-64k shallow", MERGE);
	memcpy(server.pack, (int[]){MERGE, SECOND, SIDE, ROOT, -1},
	    sizeof(server.pack));
	ANSWER(NOTHING, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs greet fetch0 ");
	CHECK(strstr(server.last.data, "deepen") == NULL);
	check_role("side");
}

static void
an_old_server_gives_old_commits_only_with_everything(void)
{
	struct job job = JOB("");
	struct error err;

	job.commit = ids[ROOT];
	serve(true, false, "side-band-64k shallow", MERGE);
	memcpy(server.pack, (int[]){MERGE, SECOND, SIDE, ROOT, -1},
	    sizeof(server.pack));
	ANSWER(NOTHING, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(server.last.data, "deepen") == NULL);
	CHECK(strstr(server.last.data, ids[ROOT]) == NULL);
	check_role("root");
	/* It is behind none of them. */
	server.pack[3] = -1;
	CHECK(fetch(&job, &err) == -1);
	CHECK(err.kind == ERR_NOTFOUND);
	serve(true, false, "side-band-64k shallow allow-reachable-sha1-in-want",
	    ROOT);
	ANSWER(NOTHING, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(server.last.data, ids[ROOT]) != NULL);
	CHECK(strstr(server.last.data, "deepen 1\n") != NULL);
}

static void
a_bad_pack_is_no_role(void)
{
	struct job job = JOB("");
	struct error err;

	job.commit = ids[SECOND];
	job.keep = true;
	for (int v2 = 0; v2 < 2; v2++) {
		serve(v2 != 0, v2 != 0, "side-band-64k shallow", ROOT);
		self.protocol = v2 != 0 ? 2 : 0;
		ANSWER(PACK);
		CHECK(fetch(&job, &err) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		CHECK(strstr(err.msg, "is not in the pack") != NULL);
		server.pack[0] = SECOND;
		ANSWER(CUT);
		CHECK(fetch(&job, &err) == -1);
		CHECK(err.kind == ERR_INTEGRITY);
		CHECK(files_in(pack_dir) == 0 && files_in(role) == 0);
		CHECK(strstr(server.log.data, v2 != 0 ? "fetch " : "fetch0 ") !=
		    NULL);
	}
}

/* ---- the cache ---- */

/* A file with the pack of a commit; cut bytes are missing at its end. */
static int
pack_file(int commit, size_t cut)
{
	const int which[] = {commit, -1};
	char *path = xasprintf("%s/cached", top);
	struct buf pack = {0};
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	make_pack(&pack, which);
	CHECK(write_fully(fd, pack.data, pack.len - cut) == 0);
	buf_free(&pack);
	free(path);
	return fd;
}

static void
a_pack_that_comes_along_saves_the_request(void)
{
	struct job job = JOB("v2");
	struct error err;
	char *want;

	job.have = ids[SECOND];
	job.pack = pack_file(SECOND, 0);
	/* The tag may have moved, and has not. */
	serve(true, true, "", SECOND);
	ANSWER(REFS);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs ");
	check_role("second");
	/* Nothing needs asking. */
	job.commit = ids[SECOND];
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "");
	want = xasprintf("commit=%s ", ids[SECOND]);
	CHECK_STR(facts.data, want);
	job.offline = true;
	CHECK(fetch(&job, &err) == 0);
	check_role("second");
	free(want);
	(void)close(job.pack);
	/* The branch is elsewhere by now. */
	job = (struct job)JOB("main");
	job.have = ids[SECOND];
	job.pack = pack_file(SECOND, 0);
	serve(true, true, "", MERGE);
	ANSWER(REFS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK_STR(server.log.data, "refs fetch ");
	CHECK(strstr(facts.data, "damaged") == NULL);
	check_role("merge");
	(void)close(job.pack);
}

static void
a_damaged_one_is_told_and_fetched_again(void)
{
	struct error err;

	for (int way = 0; way < 3; way++) {
		struct job job = JOB("");

		job.commit = job.have = ids[SECOND];
		job.pack =
		    pack_file(way == 1 ? ROOT : SECOND, way == 0 ? 5 : 0);
		if (way == 2)
			CHECK(pwrite(job.pack, "\377", 1, 30) == 1);
		serve(true, true, "", SECOND);
		ANSWER(PACK);
		CHECK(fetch(&job, &err) == 0);
		CHECK_STR(server.log.data, "fetch ");
		CHECK(strstr(facts.data, "cache=damaged ") == facts.data);
		check_role("second");
		job.offline = true;
		CHECK(fetch(&job, &err) == -1);
		CHECK(err.kind == ERR_NOTFOUND);
		CHECK_STR(err.msg, "not in the cache");
		CHECK_STR(server.log.data, "");
		(void)close(job.pack);
	}
}

/* All of a commit but the file that is written last. */
static int
partial_pack(void)
{
	git_packbuilder *builder = NULL;
	git_commit *commit = NULL;
	struct buf pack = {0};
	git_oid id, blob;
	char *path = xasprintf("%s/partial", top);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(oid_parse(&id, ids[SECOND]) == 0);
	CHECK(git_commit_lookup(&commit, repo, &id) == 0);
	CHECK(git_blob_create_from_buffer(&blob, repo, "second", 6) == 0);
	CHECK(git_packbuilder_new(&builder, repo) == 0);
	CHECK(git_packbuilder_insert(builder, &id, NULL) == 0);
	CHECK(git_packbuilder_insert(builder, git_commit_tree_id(commit),
		  NULL) == 0);
	CHECK(git_packbuilder_insert(builder, &blob, "file") == 0);
	CHECK(git_packbuilder_foreach(builder, collect, &pack) == 0);
	CHECK(write_fully(fd, pack.data, pack.len) == 0);
	git_packbuilder_free(builder);
	git_commit_free(commit);
	buf_free(&pack);
	free(path);
	return fd;
}

static void
what_a_partial_one_has_written_is_removed(void)
{
	struct job job = JOB("");
	struct error err;

	job.commit = job.have = ids[SECOND];
	job.pack = partial_pack();
	job.offline = true;
	serve(true, true, "", SECOND);
	CHECK(fetch(&job, &err) == -1);
	CHECK(files_in(role) == 0);
	job.offline = false;
	ANSWER(PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(facts.data, "cache=damaged ") != NULL);
	check_role("second");
	(void)close(job.pack);
}

static void
without_a_pack_there_is_nothing_offline(void)
{
	struct job job = JOB("v2");
	struct error err;

	job.offline = true;
	serve(true, true, "", SECOND);
	CHECK(fetch(&job, &err) == -1);
	CHECK_STR(err.msg, "not in the cache");
	job.commit = ids[SECOND];
	CHECK(fetch(&job, &err) == -1);
	CHECK_STR(err.msg, "not in the cache");
	CHECK_STR(server.log.data, "");
}

static void
a_pack_for_the_cache_is_left(void)
{
	struct job job = JOB("v2");
	struct error err;

	job.keep = true;
	serve(true, true, "", SECOND);
	ANSWER(REFS, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(facts.data, "pack=kept ") != NULL);
	CHECK(files_in(pack_dir) == 1);
	job.keep = false;
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(facts.data, "pack=kept ") == NULL);
	CHECK(files_in(pack_dir) == 0);
	/* Where the server cuts no history, that is not one commit. */
	serve(true, false, "side-band-64k", SECOND);
	job.keep = true;
	ANSWER(NOTHING, PACK);
	CHECK(fetch(&job, &err) == 0);
	CHECK(strstr(facts.data, "pack=kept ") == NULL);
}

int
main(void)
{
	int pair[2];

	if (begin_history() == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return 1;
	worker.fd = pair[0];
	parent = pair[1];
	(void)snprintf(role, sizeof(role), "%s/role", top);
	(void)snprintf(pack_dir, sizeof(pack_dir), "%s/pack", top);
	if (mkdir(role, 0700) == -1 || mkdir(pack_dir, 0700) == -1)
		return 1;
	RUN(a_tag_is_two_requests_and_a_commit_is_one);
	RUN(what_is_not_version_2_is_asked_for_a_greeting);
	RUN(a_shy_carrier_waits_for_the_first_greeting);
	RUN(history_is_fetched_as_far_as_it_is_needed);
	RUN(a_short_id_takes_all_branches_and_tags);
	RUN(an_old_server_gives_old_commits_only_with_everything);
	RUN(a_bad_pack_is_no_role);
	RUN(a_pack_that_comes_along_saves_the_request);
	RUN(a_damaged_one_is_told_and_fetched_again);
	RUN(what_a_partial_one_has_written_is_removed);
	RUN(without_a_pack_there_is_nothing_offline);
	RUN(a_pack_for_the_cache_is_left);
	buf_free(&server.log);
	buf_free(&server.last);
	buf_free(&facts);
	end_history();
	return check_done();
}
